import { describe, expect, it } from "vitest";
import { groupFailures } from "../../src/console/setting/group-failures.ts";
import { explainFailure, explainRequest } from "../../src/log/explain-request.ts";

const user = { resourceType: "User", label: "ada@example.com", status: 200, scimType: null, detail: null } as const;
const group = { ...user, resourceType: "Group", label: "Sales" } as const;

describe("what a request meant", () => {
  it.each([
    [
      { ...user, method: "GET", path: "/scim/v2/Users?filter=userName+eq+%22ada%40example.com%22" },
      "The provider asked whether the user “ada@example.com” exists here.",
    ],
    [{ ...user, method: "GET", path: "/scim/v2/Users?startIndex=1&count=2" }, "The provider listed the users."],
    [{ ...user, method: "GET", path: "/scim/v2/Users/1" }, "The provider read the user “ada@example.com”."],
    [{ ...user, method: "POST", path: "/scim/v2/Users" }, "The provider created the user “ada@example.com”."],
    [{ ...user, method: "PATCH", path: "/scim/v2/Users/1" }, "The provider changed the user “ada@example.com”."],
    [{ ...user, method: "DELETE", path: "/scim/v2/Users/1" }, "The provider removed the user “ada@example.com”."],
    [
      { ...group, method: "PUT", path: "/scim/v2/Groups/1" },
      "The provider replaced all attributes of the group “Sales”.",
    ],
    [
      { ...group, method: "GET", path: "/scim/v2/Schemas", resourceType: null },
      "The provider asked what this service can do.",
    ],
    [{ ...user, method: "POST", path: "/scim/v2/Bulk" }, "The provider sent many changes at once."],
    [
      { ...user, method: "POST", path: "/scim/v2/Users", status: 409, scimType: "uniqueness" },
      "The provider wanted to create the user “ada@example.com”, and that was refused: a user of this name is here already.",
    ],
    [
      {
        ...group,
        method: "PATCH",
        path: "/scim/v2/Groups/1",
        status: 403,
        detail: "This SCIM setting is paused: nothing.",
      },
      "The provider wanted to change the group “Sales”, and that was refused: the setting is paused.",
    ],
  ])("%j", (request, sentence) => {
    expect(explainRequest(request)).toBe(sentence);
  });
});

describe("why a request failed", () => {
  it("says what to do about members who are not here", () => {
    const failure = {
      ...group,
      method: "PATCH",
      status: 400,
      scimType: "invalidValue",
      detail: "Member x is not known.",
    };
    expect(explainFailure(failure).title).toBe("A group names people who are not here");
  });

  it("gives the answer's own words where nothing better is known", () => {
    const failure = { ...user, method: "POST", status: 400, scimType: "invalidValue", detail: "userName is required." };
    expect(explainFailure(failure).advice).toBe("userName is required.");
  });

  it.each([
    [404, "There is nothing at this address. Check the tenant URL in the IdP.", "Nothing is at this address"],
    [403, "The discovery endpoints cannot be filtered.", "The request was not accepted as sent"],
    [501, "/Me is not offered.", "The request was not accepted as sent"],
  ])("tells a %i that is about no resource from one that is", (status, detail, title) => {
    const failure = { ...user, method: "GET", resourceType: null, status, detail };
    expect(explainFailure(failure)).toEqual({ title, advice: detail });
  });

  it("gathers failures of one kind, the most frequent first, with the newest to look at", () => {
    const failure = { ...user, id: "1", time: 10, method: "POST", status: 409, scimType: "uniqueness" };
    const groups = groupFailures([
      { ...failure, id: "3", time: 30, status: 404, scimType: null },
      { ...failure, id: "2", time: 20 },
      { ...failure, id: "1", time: 10, label: "bob@example.com" },
    ]);
    expect(groups.map(({ count, lastId, labels }) => ({ count, lastId, labels }))).toEqual([
      { count: 2, lastId: "2", labels: ["ada@example.com", "bob@example.com"] },
      { count: 1, lastId: "3", labels: ["ada@example.com"] },
    ]);
  });
});
