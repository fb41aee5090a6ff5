import { describe, expect, it } from "vitest";
import { allowsLoopback, audiencesOf, isKeyAddress, judgeTrust, jwksUrlOf } from "../../src/settings/trusted-issuer.ts";
import { TERMS } from "./issuer-fixture.ts";

describe("an issuer", () => {
  it.each([
    ["https://login.microsoftonline.com/t/v2.0", "https://login.microsoftonline.com/t/discovery/v2.0/keys"],
    ["https://login.microsoftonline.us/t/v2.0/", "https://login.microsoftonline.us/t/discovery/v2.0/keys"],
    ["https://login.windows.net/t", "https://login.windows.net/t/discovery/keys"],
  ])("%s has its keys at %s", (issuer, keys) => {
    expect(jwksUrlOf(issuer)).toBe(keys);
    expect(judgeTrust({ ...TERMS, issuer }, false)).toEqual({ ...TERMS, issuer, jwksUrl: keys });
  });

  it("may be given the address of its keys, on a host of the list only", () => {
    const jwksUrl = "https://login.microsoftonline.com/common/discovery/v2.0/keys";
    expect(judgeTrust({ ...TERMS, jwksUrl }, false)).toEqual({ ...TERMS, jwksUrl });
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

it("an audience stands for the bare id, api://id and api://id/.default", () => {
  const all = ["id", "api://id", "api://id/.default"];
  for (const typed of all) expect([...audiencesOf(typed)].sort()).toEqual([...all].sort());
});
