import { describe, expect, it } from "vitest";
import { ScimError } from "../../src/scim/scim-error.ts";
import { assertGrant, readParameters, readProof } from "../../src/scim-api/oauth-token-request.ts";

const TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const basic = (id: string, secret: string) => `Basic ${btoa(`${id}:${secret}`)}`;
const proofOf = (form: string, authorization?: string) => readProof(readParameters(form), authorization);

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ScimError) return error.code;
    throw error;
  }
  return "nothing thrown";
}

describe("the parameters of a token request", () => {
  it("are those of the form; one without a value counts as left out", () => {
    expect([...readParameters("grant_type=client_credentials&scope=&client_id=a%20b+c")]).toEqual([
      ["grant_type", "client_credentials"],
      ["client_id", "a b c"],
    ]);
  });

  it.each(["grant_type", "client_id", "client_secret", "client_assertion", "client_assertion_type", "scope", "other"])(
    "are refused when %s is there twice, with one value or two",
    (name) => {
      for (const form of [`${name}=a&${name}=b`, `${name}=a&x=1&${name}=a`])
        expect(codeOf(() => readParameters(form))).toBe("malformed_token_request");
    },
  );

  it("may name several resources (RFC 8707)", () => {
    expect(readParameters("resource=a&resource=b").size).toBe(0);
  });

  it("ask for client credentials, and nothing else", () => {
    expect(codeOf(() => assertGrant(readParameters("")))).toBe("malformed_token_request");
    for (const grant of ["authorization_code", "refresh_token", "password", "CLIENT_CREDENTIALS"])
      expect(codeOf(() => assertGrant(readParameters(`grant_type=${grant}`)))).toBe("unsupported_grant_type");
    expect(assertGrant(readParameters("grant_type=client_credentials"))).toBeUndefined();
  });
});

describe("the proof of a client", () => {
  const secret = { kind: "secret", clientId: "the id", secret: "s:e+c%ret" };

  it("is in a Basic header, each part encoded as in a form (RFC 6749 section 2.3.1)", () => {
    expect(proofOf("", basic("the+id", "s%3Ae%2Bc%25ret"))).toEqual(secret);
    expect(proofOf("", basic("the%20id", "s%3Ae%2Bc%25ret").replace("Basic", "basic "))).toEqual(secret);
    expect(proofOf("client_id=the+id", basic("the+id", "s%3Ae%2Bc%25ret"))).toEqual(secret);
  });

  it("is none where the header cannot be read, and the refusal says so", () => {
    expect(() => proofOf("", `${basic("a", "b")} x`)).toThrow(/not Basic/);
    expect(() => proofOf("", basic("a", " "))).toThrow(/has no secret/);
  });

  it("may stand there unencoded, as some clients have it", () => {
    expect(proofOf("", basic("id", "100%secret"))).toEqual({ kind: "secret", clientId: "id", secret: "100%secret" });
  });

  it("is in the form", () => {
    expect(proofOf("client_id=the+id&client_secret=s:e%2Bc%25ret")).toEqual(secret);
    expect(proofOf("client_id=the+id&client_secret=s:e%2Bc%25ret", "Bearer stale")).toEqual(secret);
    expect(proofOf(`client_id=i&client_assertion_type=${TYPE}&client_assertion=a.b.c`)).toEqual({
      kind: "assertion",
      clientId: "i",
      assertion: "a.b.c",
    });
  });

  it("is without the white space that comes of copying, in the header and in the form", () => {
    for (const space of ["%0A", "%0D%0A", "+", "%20", "%09", "%C2%A0"]) {
      expect(proofOf(`client_id=${space}the+id${space}&client_secret=s:e%2Bc%25ret${space}`)).toEqual(secret);
      expect(proofOf("", basic(`the+id${space}`, `${space}s%3Ae%2Bc%25ret${space}`))).toEqual(secret);
      expect(
        proofOf(`client_id=i${space}&client_assertion_type=${space}${TYPE}${space}&client_assertion=a.b.c${space}`),
      ).toEqual({ kind: "assertion", clientId: "i", assertion: "a.b.c" });
      expect(codeOf(() => proofOf(`client_id=a&client_secret=${space}`))).toBe("no_client");
    }
    expect(proofOf("", basic("id", "secret\n"))).toEqual({ kind: "secret", clientId: "id", secret: "secret" });
    expect(readParameters("%0D%0Agrant_type=client_credentials%0A").get("grant_type")).toBe("client_credentials");
  });

  it("may stand in the header in the Base64 of URLs, and without padding", () => {
    const encoded = btoa("id:s?>~~\u00ff".replace("\u00ff", ""));
    for (const form of [encoded, encoded.replaceAll("=", ""), encoded.replaceAll("+", "-").replaceAll("/", "_")])
      expect(proofOf("", `Basic ${form}`)).toEqual({ kind: "secret", clientId: "id", secret: "s?>~~" });
  });

  it.each([
    ["another id in the form", "client_id=other", basic("a", "b")],
    ["another id and secret in the form", "client_id=other&client_secret=b", basic("a", "b")],
    ["another secret in the form", "client_id=a&client_secret=c", basic("a", "b")],
    ["the same secret in the form (RFC 6749 section 2.3)", "client_id=a&client_secret=b", basic("a", "b")],
    ["the same secret alone in the form", "client_secret=b", basic("a", "b")],
    ["an assertion beside Basic", `client_assertion_type=${TYPE}&client_assertion=x`, basic("a", "b")],
    ["a secret and an assertion", `client_id=a&client_secret=b&client_assertion_type=${TYPE}&client_assertion=x`],
    ["an assertion without its type", "client_id=a&client_assertion=x"],
    ["a type without an assertion", `client_id=a&client_assertion_type=${TYPE}`],
    ["another type", "client_id=a&client_assertion=x&client_assertion_type=urn:saml2"],
  ])("is refused as malformed: %s", (_what, form, authorization?: string) => {
    expect(codeOf(() => proofOf(form, authorization))).toBe("malformed_token_request");
  });

  it.each([
    ["nothing", "", undefined],
    ["a bearer token alone", "", "Bearer x"],
    ["an id alone", "client_id=a", undefined],
    ["a secret alone", "client_secret=a", undefined],
    ["Basic that is no base64", "", "Basic %%%"],
    ["Basic without a colon", "", `Basic ${btoa("no colon")}`],
    ["Basic with more behind it", "", `${basic("a", "b")}, ${basic("a", "b")}`],
    ["Basic without a secret", "", basic("a", "")],
    ["Basic without a secret, which is in the form", "client_id=a&client_secret=b", basic("a", "")],
    ["Basic that is no UTF-8", "", `Basic ${btoa("\xff:\xff")}`],
  ])("is none: %s", (_what, form, authorization) => {
    expect(codeOf(() => proofOf(form, authorization))).toBe("no_client");
  });
});
