import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openPeerStore } from "./peer-store.ts";

const folder = mkdtempSync(join(tmpdir(), "rollcall-peer-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the store of a peer", () => {
  const { users } = openPeerStore(join(folder, "peer.sqlite"), "FULL");

  it("keeps a userName to one, in any case, and finds people by what is indexed", () => {
    expect(users.put({ id: "1", userName: "Ada@b.example", externalId: "x1" })).toBe(true);
    expect(users.put({ id: "2", userName: "ada@B.example" })).toBe(false);
    expect(users.put({ id: "1", userName: "Ada@b.example", externalId: "x2" })).toBe(true);
    expect(users.find("userName", "ADA@b.example")?.map(({ externalId }) => externalId)).toEqual(["x2"]);
    expect([users.find("externalId", "x1"), users.find("id", "1")?.length]).toEqual([[], 1]);
    expect(users.find("title", "x")).toBeNull();
  });

  it("gives pages in the order of creation, and counts", () => {
    for (const n of [2, 3, 4]) users.put({ id: String(n), userName: `person${n}` });
    expect(users.page(1, 2).map(({ id }) => id)).toEqual(["2", "3"]);
    users.remove("4");
    expect([users.count(), users.page(0, -1).length, users.get("4")]).toEqual([3, 3, null]);
  });
});
