import { describe, expect, it } from "vitest";
import { allowsLoopback, audiencesOf, isKeyAddress, judgeTrust, jwksUrlOf } from "../../src/settings/trusted-issuer.ts";
import { TERMS } from "./issuer-fixture.ts";

describe("an issuer", () => {
  it.each([
    ["https://login.microsoftonline.com/t/v2.0", "https://login.microsoftonline.com/t/discovery/v2.0/keys"],
    ["https://login.microsoftonline.us/t/v2.0", "https://login.microsoftonline.us/t/discovery/v2.0/keys"],
    ["https://login.windows.net/t", "https://login.windows.net/t/discovery/keys"],
  ])("%s has its keys at %s", (issuer, keys) => {
    expect(jwksUrlOf(issuer)).toBe(keys);
    expect(judgeTrust({ ...TERMS, issuer }, false)).toEqual({ ...TERMS, issuer, jwksUrl: keys });
  });

  it.each([
    ["https://LOGIN.MicrosoftOnline.com/t/v2.0", "https://login.microsoftonline.com/t/v2.0"],
    ["https://login.microsoftonline.com/7A0E0A51/V2.0", "https://login.microsoftonline.com/7a0e0a51/v2.0"],
    ["HTTPS://login.windows.net/T/", "https://login.windows.net/t"],
  ])("%s is kept in small letters and without a slash at its end, as Entra writes it", (typed, issuer) => {
    expect(judgeTrust({ ...TERMS, issuer: typed }, false)).toMatchObject({ issuer, jwksUrl: jwksUrlOf(issuer) });
  });

  it.each([
    "https://login.microsoftonline.com/t/../u/v2.0",
    "https://login.microsoftonline.com/t/./v2.0",
    "https://login.microsoftonline.com/../t/v2.0",
    "https://login.microsoftonline.com/t/%2e%2e/u",
    "https://login.microsoftonline.com/t/v2.0?x=1",
    "https://login.microsoftonline.com/t/v2.0?",
    "https://login.microsoftonline.com/t/v2.0#x",
    "https://login.microsoftonline.com/t/v2.0#",
    "https://login.microsoftonline.com//t/v2.0",
    "https://login.microsoftonline.com/t//v2.0",
    "https://login.microsoftonline.com/t/v2.0//",
    "https://login.microsoftonline.com/t/v2.0/more",
    "https://login.microsoftonline.com/t/discovery/v2.0/keys",
    "https://login.microsoftonline.com:443/t/v2.0",
    "https:\\\\login.microsoftonline.com\\t\\v2.0",
    "https:login.microsoftonline.com/t/v2.0",
    "https://login.microsoftonline.com/{tenantid}/v2.0",
    "https://login.microsoftonline.com/my tenant/v2.0",
    "https://login.microsoftonline.com/t\n/v2.0",
    "https://login.microsoftonline.com/tönant/v2.0",
  ])("%s, with more or less than a tenant and a version, is not taken, and it is said how it looks", (issuer) => {
    const problems = judgeTrust({ ...TERMS, issuer }, false);
    expect(problems).toMatchObject([{ pointer: "/issuer", detail: expect.stringContaining("/<tenant>/v2.0") }]);
  });

  it.each(["", "/", "/v2.0", "/v2.0/", "/common/v2.0", "/Organizations/v2.0", "/consumers"])(
    "that ends in %s names no tenant, and is not taken",
    (path) => {
      const issuer = `https://login.microsoftonline.com${path}`;
      expect(judgeTrust({ ...TERMS, issuer }, false)).toMatchObject([
        { pointer: "/issuer", detail: expect.stringContaining("no tenant") },
      ]);
    },
  );

  it("may be given the address of its keys, on a host of the list only", () => {
    const jwksUrl = "https://login.microsoftonline.com/common/discovery/v2.0/keys";
    expect(judgeTrust({ ...TERMS, jwksUrl }, false)).toEqual({ ...TERMS, jwksUrl });
    for (const typed of [`${jwksUrl}#x`, jwksUrl.replace("login", "LOGIN"), jwksUrl.replace("/common", "/x/../common")])
      expect(judgeTrust({ ...TERMS, jwksUrl: typed }, false)).toEqual({ ...TERMS, jwksUrl });
    expect(judgeTrust({ ...TERMS, jwksUrl: `${jwksUrl}?appid=1` }, false)).toMatchObject({
      jwksUrl: `${jwksUrl}?appid=1`,
    });
    expect(judgeTrust({ ...TERMS, jwksUrl: "https://evil.example.com/keys" }, false)).toMatchObject([
      { pointer: "/jwksUrl" },
    ]);
  });

  it.each([
    "https://evil.example.com/t/v2.0",
    "http://login.microsoftonline.com/t/v2.0",
    "https://login.microsoftonline.com:8443/t",
    "https://login.microsoftonline.com@evil.example.com/t",
    "https://user:password@login.microsoftonline.com/t",
    "https://login.microsoftonline.com.evil.example.com/t",
    "https://evil.login.microsoftonline.com/t",
    "http://127.0.0.1:8700/t",
    "http://localhost/t",
    "file:///etc/passwd",
    "t",
    "",
  ])("%s is not taken", (issuer) => {
    expect(judgeTrust({ ...TERMS, issuer }, false)).toMatchObject([{ pointer: "/issuer" }]);
  });

  it("on this machine itself is taken where that is allowed: by the binding and on loopback, never in the world", () => {
    expect(isKeyAddress("http://127.0.0.1:8700/keys", true)).toBe(true);
    expect(isKeyAddress("http://evil.example.com/keys", true)).toBe(false);
    const on = { LOOPBACK_ISSUERS: "on" };
    expect(allowsLoopback(on, "http://localhost:8787/scim/oauth/token")).toBe(true);
    expect(allowsLoopback(on, "https://rollcall.example.com/scim/oauth/token")).toBe(false);
    for (const env of [{}, { LOOPBACK_ISSUERS: "" }, { LOOPBACK_ISSUERS: "off" }])
      expect(allowsLoopback(env, "http://localhost:8787/")).toBe(false);
  });
});

it.each([
  "api://",
  "API://",
  "api:///.default",
  "api://.default",
  "/.default",
  ".default",
  "api:// ",
  "--",
  "\u200b",
  "a\u200bb",
  "a\u0000",
])("an audience like %j names nothing: it is refused, and stands for none", (audience) => {
  expect(judgeTrust({ ...TERMS, audience }, false)).toMatchObject([{ pointer: "/audience" }]);
  expect(audiencesOf(audience)).toEqual([]);
});

it.each(["-", "…", "\u200b", "a\u200bb", "a\u0000"])("a subject like %j names nothing, and is refused", (subject) => {
  expect(judgeTrust({ ...TERMS, subject }, false)).toMatchObject([{ pointer: "/subject" }]);
});

it("everything that is wrong with a trust is told at once", () => {
  const typed = { issuer: "https://evil.example.com/", subject: "-", audience: "api://", jwksUrl: "http://x" };
  const problems = judgeTrust(typed, false);
  expect(Array.isArray(problems) && problems.map(({ pointer }) => pointer)).toEqual([
    "/issuer",
    "/subject",
    "/audience",
    "/jwksUrl",
  ]);
});

it("an audience stands for the bare id, api://id and api://id/.default", () => {
  const all = ["id", "api://id", "api://id/.default"];
  for (const typed of all) expect([...audiencesOf(typed)].sort()).toEqual([...all].sort());
  // A slash at the end comes of copying.
  for (const typed of ["id/", "api://id/"]) expect(audiencesOf(typed)).toEqual(expect.arrayContaining(all));
});

it("an issuer is kept without the slash at its end", () => {
  const trust = judgeTrust({ ...TERMS, issuer: `${TERMS.issuer}/` }, false);
  expect(trust).toEqual(judgeTrust(TERMS, false));
});
