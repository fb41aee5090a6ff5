import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseArguments, UsageProblem } from "./arguments.ts";

const ABSENT = "/nowhere/rollcall-dev.json";

describe("the command line", () => {
  it("takes server, token and keys from what npm run dev wrote", () => {
    const path = join(mkdtempSync(join(tmpdir(), "simulate-")), "rollcall-dev.json");
    const dev = { tenantUrl: "http://localhost:8787/scim/v2", token: "rcl_a_b_c", operatorKey: "key", companyId: "c1" };
    writeFileSync(path, JSON.stringify(dev));
    expect(parseArguments(["okta", "--users", "50"], path)).toMatchObject({
      provider: "okta",
      users: 50,
      tenantUrl: dev.tenantUrl,
      token: dev.token,
      management: { baseUrl: "http://localhost:8787", operatorKey: "key", companyId: "c1" },
    });
    // Another token may be of another company's setting, which the operator key finds.
    expect(parseArguments(["okta", "--token", "other"], path)?.management?.companyId).toBeNull();
    expect(parseArguments(["okta", "--token", "other", "--company", "c2"], path)?.management?.companyId).toBe("c2");
  });

  it("compares no target side of a server whose operator key it does not know", () => {
    const args = ["entra", "--url", "https://x.example/scim/v2/?aadOptscim062020", "--token", "t", "--optscim"];
    expect(parseArguments(args, ABSENT)).toMatchObject({
      tenantUrl: "https://x.example/scim/v2/",
      optscim: true,
      management: null,
    });
  });

  it.each([
    { args: [], message: "name one provider" },
    { args: ["ldap"], message: "name one provider" },
    { args: ["entra", "--users", "many"], message: "--users" },
    { args: ["okta", "--optscim"], message: "--optscim" },
    { args: ["okta", "--accident", "rain"], message: "--accident" },
    { args: ["okta", "--auth", "client"], message: "--auth client" },
    { args: ["entra", "--auth", "magic"], message: "--auth magic" },
    { args: ["okta", "--colour"], message: "--colour" },
    { args: ["okta"], message: "npm run dev" },
  ])("refuses $args with a reason", ({ args, message }) => {
    expect(() => parseArguments(args, ABSENT)).toThrow(UsageProblem);
    expect(() => parseArguments(args, ABSENT)).toThrow(message);
  });
});
