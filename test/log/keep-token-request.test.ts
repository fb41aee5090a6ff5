import { describe, expect, it } from "vitest";
import { keepTokenRequest } from "../../src/log/keep-token-request.ts";
import { refusal } from "../../src/scim/scim-error.ts";

type Logged = Parameters<typeof keepTokenRequest>[0];

const SECRET = "rcs_0123456789abcdef";

function row(said: Partial<Omit<Logged, "form">> & { form?: string }) {
  const { form = "grant_type=client_credentials", ...rest } = said;
  return keepTokenRequest({
    ...{ id: "r", settingId: "s", tokenId: null, time: 1_000, duration: 5, method: "POST", status: 200 },
    ...{ url: "https://x/scim/oauth/token", hasBasic: false, refusal: null, expires: null, ...rest },
    form: new URLSearchParams(form),
  });
}

describe("the row of a request for an access token", () => {
  it("keeps how it was asked and what it got, without any credential", () => {
    const form = `grant_type=client_credentials&client_secret=${SECRET}&scope=ada&${SECRET}=1`;
    expect(row({ form, hasBasic: true, tokenId: "t", expires: 3_600 })).toEqual({
      ...{ id: "r", settingId: "s", tokenId: "t", time: 1_000, duration: 5 },
      ...{ method: "POST", path: "/scim/oauth/token", status: 200, code: null, scimType: null, detail: null },
      ...{ resourceType: null, resourceId: null, label: null, notes: [] },
      requestBody:
        '{"client_id":"[redacted]","client_secret":"[redacted]","grant_type":"client_credentials","scope":"[redacted]"}',
      responseBody: '{"access_token":"[redacted]","token_type":"Bearer","expires_in":3600}',
    });
  });

  it("keeps why it was refused, in the row and in its answer, without what the sentence quotes", () => {
    const said = { ...refusal("assertion_refused", 'It is of ["Ada", "ada\uff20example.com"], not of x\\y.') };
    const { status, code, detail, responseBody } = row({ status: 401, refusal: said });
    expect([status, code, detail]).toEqual([401, "assertion_refused", 'It is of ["…", "…"], not of x\\y.']);
    const description = "It is of ['?', '?'], not of x?y.";
    expect(responseBody).toBe(JSON.stringify({ error: "invalid_client", error_description: description }));
  });

  it("keeps neither its query nor anything else of its address or method that is no word of ours", () => {
    const url = `https://x//SCIM/v2/oauth/token/?client_secret=${SECRET}`;
    expect(row({ url, method: "ADA" })).toMatchObject({ path: "/SCIM/v2/oauth/token", method: "OTHER" });
  });
});
