import { describe, expect, it } from "vitest";
import { explainFailure, explainRequest, foundIn } from "../../src/log/explain-request.ts";
import { refusal } from "../../src/scim/scim-error.ts";

const failed = { code: null, scimType: null, detail: null };
const user = { resourceType: "User", label: "ada@example.com", status: 200, ...failed } as const;
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
    ...(
      [
        ["unsupported_media_type", 415, "it was not sent as JSON"],
        ["malformed_body", 400, "it was no readable JSON"],
        ["invalid_value", 400, "a value has a form that is not accepted"],
        ["missing_attribute", 400, "a required attribute was missing"],
      ] as const
    ).map(([code, status, why]): [Parameters<typeof explainRequest>[0], string] => [
      { ...user, method: "POST", path: "/scim/v2/Users", status, code },
      `The provider wanted to create the user “ada@example.com”, and that was refused: ${why}.`,
    ]),
    [
      {
        ...group,
        method: "PATCH",
        path: "/scim/v2/Groups/1",
        status: 403,
        code: "setting_paused",
      },
      "The provider wanted to change the group “Sales”, and that was refused: the setting is paused.",
    ],
  ])("%j", (request, sentence) => {
    expect(explainRequest(request)).toBe(sentence);
  });
});

describe("what a question was answered", () => {
  it.each([
    [0, ": no."],
    [1, ": yes."],
    [3, ": 3 do."],
    [null, "."],
  ])("%j is said", (found, answer) => {
    const path = "/scim/v2/Users?filter=userName+eq+%22ada%40example.com%22";
    const sentence = "The provider asked whether the user “ada@example.com” exists here";
    expect(explainRequest({ ...user, method: "GET", path, found })).toBe(sentence + answer);
    expect(explainRequest({ ...user, method: "GET", path: "/scim/v2/Users", found })).toBe(
      "The provider listed the users.",
    );
  });

  it("is said of a name that is not kept as well", () => {
    const path = `/scim/v2/Users?filter=${encodeURIComponent('userName eq "…"')}`;
    const sentence = "The provider asked whether certain users exist here: no.";
    expect(explainRequest({ ...user, label: null, method: "GET", path, found: 0 })).toBe(sentence);
  });

  it.each(["GET", "POST", "DELETE"])("is nothing where there is nothing: %s", (method) => {
    const nowhere = { ...user, path: "/scim/v2/*", resourceType: null, status: 404, code: "no_such_address" };
    const sentence = `The provider sent ${method} to an address at which there is nothing.`;
    expect(explainRequest({ ...nowhere, method })).toBe(sentence);
  });

  it.each([
    ['{"schemas":[],"totalResults":2,"Resources":[]}', 2],
    ['{"totalResults":0}', 0],
    ['{"totalResults":2,"Resources":[{"userNa', null],
    ['{"status":"400"}', null],
    ["null", null],
    [null, null],
  ])("%s", (kept, found) => {
    expect(foundIn(kept)).toBe(found);
  });
});

/** Rows as they are logged now, with a code, and as they were logged before there were codes. */
describe("why a request failed", () => {
  const row = { ...user, detail: "In the answer's own words." };

  it.each([
    ["setting_paused", "The setting is paused"],
    ["token_revoked", "The token was refused"],
    ["user_name_taken", "A user of this name is here already"],
    ["no_such_user", "The user is not here any more"],
    ["no_such_address", "Nothing is at this address"],
    ["no_such_member", "A group names people who are not here"],
    ["invalid_filter", "The search could not be understood"],
    ["filter_too_costly", "The search could not be understood"],
    ["too_many_operations", "The request was too large"],
    ["version_mismatch", "Somebody else changed it in between"],
    ["queue_full", "Too many requests at once"],
    ["busy", "Too many requests at once"],
    ["internal_error", "Something went wrong on our side"],
    // Their status alone would say another thing.
    ["no_client", "The sign-in was refused"],
    ["unsupported_grant_type", "The sign-in was refused"],
    ["malformed_token_request", "The sign-in was refused"],
    ["token_request_too_large", "The sign-in was refused"],
    ["self_member", "The user was not accepted as sent"],
    ["bulk_cycle", "The user was not accepted as sent"],
    ["failed_dependency", "The user was not accepted as sent"],
    ["filter_not_offered", "The user was not accepted as sent"],
    ["not_offered", "The user was not accepted as sent"],
  ] as const)("%s", (code, title) => {
    const { scimType = null, ...told } = refusal(code, row.detail);
    expect(explainFailure({ ...row, ...told, scimType }).title).toBe(title);
  });

  it("has the same title without a code wherever status and keyword say enough", () => {
    const codes = [
      "token_revoked",
      "user_name_taken",
      "no_such_user",
      "invalid_filter",
      "body_too_large",
      "busy",
    ] as const;
    for (const code of codes) {
      const { scimType = null, ...told } = refusal(code, row.detail);
      const now = { ...row, ...told, scimType };
      expect(explainFailure({ ...now, code: null }), code).toEqual(explainFailure(now));
    }
  });

  it("gives the answer's own words where nothing better is known, however they read", () => {
    for (const detail of ["This SCIM setting is paused.", "No member has the id x.", "userName is required."])
      for (const status of [400, 403])
        expect(explainFailure({ ...user, status, detail })).toMatchObject({
          title: "The user was not accepted as sent",
          advice: detail,
        });
  });

  it.each([
    [404, "There is nothing at this address. Check the tenant URL in the IdP.", "Nothing is at this address"],
    [403, "The discovery endpoints cannot be filtered.", "The request was not accepted as sent"],
    [501, "/Me is not offered.", "The request was not accepted as sent"],
  ])("tells a %i that is about no resource from one that is", (status, detail, title) => {
    expect(explainFailure({ ...user, resourceType: null, status, detail })).toMatchObject({ title, advice: detail });
  });

  it("takes a code that it does not know for the status", () => {
    expect(explainFailure({ ...row, status: 413, code: "constructor" }).title).toBe("The request was too large");
  });
});
