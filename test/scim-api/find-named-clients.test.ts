import { describe, expect, it } from "vitest";
import { namedClients } from "../../src/scim-api/find-named-clients.ts";
import type { TokenRequest } from "../../src/scim-api/oauth-token-request.ts";

const [A, B, C] = ["a", "b", "c"].map((digit) => digit.repeat(24)) as [string, string, string];
const request = (more: Partial<TokenRequest>): TokenRequest => ({
  ...{ contentType: "", authorization: undefined, query: new URLSearchParams(), body: "", isWhole: true },
  ...more,
});
const jwt = (claims: unknown) => `${btoa('{"alg":"RS256"}')}.${btoa(JSON.stringify(claims))}.AAAA`.replaceAll("=", "");
const basic = (text: string) => `Basic ${btoa(text)}`;

describe("the client that a token request names", () => {
  it.each<[string, Partial<TokenRequest>]>([
    ["a Basic header", { authorization: basic(`rcc_${A}:x`) }],
    ["a Basic header, encoded and with white space", { authorization: basic(`%20rcc_${A}%0A:x`) }],
    ["a form", { body: `grant_type=password&client_id=rcc_${A}` }],
    ["a form, with white space", { body: `client_id=+rcc_${A}%0D%0A` }],
    ["a form, twice", { body: `client_id=rcc_${A}&client_id=rcc_${A}` }],
    ["a form that is cut", { body: `client_id=rcc_${A}&scope=xxx`, isWhole: false }],
    ["the address", { query: new URLSearchParams({ client_id: `rcc_${A}` }) }],
    ["JSON", { contentType: "application/json", body: JSON.stringify({ client_id: `rcc_${A}` }) }],
    ["a form of parts", { contentType: "multipart/form-data", body: `name="client_id"\r\n\r\nrcc_${A}\r\n--x--` }],
    ...["sub", "iss", "client_id", "azp"].map((claim): [string, Partial<TokenRequest>] => [
      `an assertion's ${claim}`,
      { body: `client_assertion=${jwt({ [claim]: `rcc_${A}`, exp: 1 })}` },
    ]),
  ])("is found in %s", (_where, more) => {
    expect(namedClients(request(more))).toEqual([A]);
  });

  it("is the header's before the form's, and no more than two are ever looked for", () => {
    const body = `client_id=rcc_${B}&client_id=rcc_${C}`;
    expect(namedClients(request({ authorization: basic(`rcc_${A}:x`), body }))).toEqual([A, B]);
    const flood = Array.from({ length: 500 }, (_, n) => `client_id=rcc_${String(n).padStart(24, "0")}`).join("&");
    expect(namedClients(request({ body: flood }))).toHaveLength(2);
  });

  it.each<[string, Partial<TokenRequest>]>([
    ["nothing", {}],
    ["a bearer token", { authorization: "Bearer x" }],
    ["Basic that is none", { authorization: "Basic !" }],
    ["another's form of id", { body: "client_id=9b1c7d3e-0000-4000-8000-000000000003" }],
    ["an assertion that is none", { body: "client_assertion=a.b.c" }],
    ["an assertion whose claims are no object", { body: `client_assertion=${jwt([`rcc_${A.slice(1)}`])}` }],
  ])("is none in %s", (_what, more) => {
    expect(namedClients(request(more))).toEqual([]);
  });
});
