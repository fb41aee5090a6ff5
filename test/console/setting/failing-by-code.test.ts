import { describe, expect, it } from "vitest";
import type { AlertRecord } from "../../../src/alerts/alert-store.ts";
import type { FailingWrite } from "../../../src/alerts/failing-write.ts";
import { gatherFailing } from "../../../src/console/setting/failing-by-code.ts";
import type { RefusedRequest } from "../../../src/unit/read-requests-behind-alerts.ts";

const row = (code: string, subject: string, requestIds: string[]): FailingWrite => ({
  ...{ settingKey: 1, code, subject, name: null, count: requestIds.length, firstAt: 1, lastAt: 2, requestIds },
});
const request = (id: string, code: string, detail: string | null = null): RefusedRequest => ({
  ...{ id, time: 1, method: "POST", path: "/scim/v2/Users", resourceType: "User", label: "ada", status: 400, code },
  ...{ scimType: null, detail },
});

describe("refused writes of a setting", () => {
  it("are gathered by code, each with exactly its requests and its own words, the most frequent first", () => {
    const rows = [
      row("malformed_body", "", ["1"]),
      row("missing_attribute", "", ["2"]),
      row("missing_attribute", "p", ["3"]),
    ];
    const requests = [
      request("3", "missing_attribute", "userName is missing."),
      request("2", "missing_attribute", "userName is missing."),
      request("1", "malformed_body", "The body is no JSON."),
    ];
    const groups = gatherFailing(rows, requests, []);
    expect(
      groups.map(({ code, count, advice, requests: behind }) => [code, count, advice, behind.map(({ id }) => id)]),
    ).toEqual([
      ["missing_attribute", 2, "userName is missing.", ["3", "2"]],
      ["malformed_body", 1, "The body is no JSON.", ["1"]],
    ]);
  });

  it("that an alert tells of stand there and not here, and those whose requests are purged are told by code", () => {
    const rows = [row("user_name_taken", "p", ["1"]), row("no_such_member", "g", ["2"])];
    // The gathering reads no more of an alert than this.
    const alert = { kind: "failing", subject: "user_name_taken" } as AlertRecord;
    expect(gatherFailing(rows, [], [alert])).toMatchObject([
      { code: "no_such_member", title: "A group names people who are not here", requests: [] },
    ]);
  });
});
