import { expect, it } from "vitest";
import type { LogEntry } from "../../src/log/log-entry.ts";
import { noteOf } from "../../src/scim/note.ts";
import { logRenewal } from "../../src/writer/log-what-renewal-changed.ts";
import type { OperationContext } from "../../src/writer/operation-context.ts";

const TOKEN = "rcl_0123456789abcdef";

it("what a renewal tells of goes into the log without anything that looks like a credential", () => {
  const logged: LogEntry[] = [];
  const unit = {
    config: { settingsByKey: new Map([[7, { id: "s" }]]) },
    ...{ now: 1_000, allocateId: () => "r", log: (entry: LogEntry) => logged.push(entry) },
  };
  // Only what is called.
  const context = { unit } as unknown as OperationContext;
  const about = { resourceType: "User", resourceId: "u", label: `Ada ${TOKEN}` } as const;
  logRenewal(context, [
    { settingKey: 7, about: null, note: noteOf("renewal_withdraws", "title", `Course ${TOKEN} (1)`) },
    { settingKey: 7, about, note: noteOf("name_shared", "userName", `Ada ${TOKEN}`) },
  ]);
  expect(logged).toMatchObject([
    { settingId: "s", resourceId: null, label: null, notes: [{ value: "Course rcl_[redacted] (1)" }] },
    { settingId: "s", resourceId: "u", label: "Ada rcl_[redacted]", notes: [{ value: "Ada rcl_[redacted]" }] },
  ]);
  for (const entry of logged)
    expect(entry).toMatchObject({ id: "r", time: 1_000, method: "RENEWAL", path: "/", status: 200, tokenId: null });
});
