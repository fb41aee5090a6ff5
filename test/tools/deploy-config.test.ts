import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { completeConfig, readDeployConfig } from "./deploy-config.ts";
import { DeployRefused } from "./deploy-refused.ts";
import { ROOT } from "./wrangler.ts";

const OWN = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
const WITH_ENVIRONMENT = `name = "rollcall"

[vars]
A = "1"

[env.eu]
name = "eu-rollcall"

[[env.eu.d1_databases]]
binding = "DB"

[env.eu.vars]
REGION = "apac"
A = "2"
`;

describe("what a deployment reads of wrangler.toml", () => {
  it("is the Worker, its databases and namespaces, and its variables", () => {
    const config = readDeployConfig(OWN, null);
    expect(config).toMatchObject({
      worker: "rollcall",
      databases: [{ binding: "DB", name: "rollcall", id: null }],
      namespaces: [{ binding: "TOKENS", title: "rollcall-tokens", id: null }],
      hasPlacement: false,
    });
    expect(config.vars.LOG_RETENTION_DAYS).toBe("30");
  });

  it("is what stands under the environment, when one is named", () => {
    expect(readDeployConfig(WITH_ENVIRONMENT, "eu")).toMatchObject({
      worker: "eu-rollcall",
      databases: [{ binding: "DB", name: "eu-rollcall-db", id: null }],
      vars: { REGION: "apac", A: "2" },
    });
    expect(() => readDeployConfig("{}", null)).toThrow(DeployRefused);
  });
});

describe("what a deployment adds to wrangler.toml", () => {
  it("is nothing but ids, variables and the place", () => {
    const ids = new Map([
      ["DB", "id-of-db"],
      ["TOKENS", "id-of-tokens"],
    ]);
    const text = completeConfig(OWN, null, { ids, vars: { REGION: "weur" }, placement: "aws:eu-central-1" });
    const config = readDeployConfig(text, null);
    expect(config.databases[0]?.id).toBe("id-of-db");
    expect(config.namespaces[0]?.id).toBe("id-of-tokens");
    expect([config.vars.REGION, config.vars.LOG_RETENTION_DAYS, config.hasPlacement]).toEqual(["weur", "30", true]);
    const lines = OWN.split("\n").filter((line) => line !== "");
    expect(lines.filter((line) => !text.includes(line))).toEqual([]);
    expect(completeConfig(OWN, null, { ids: new Map(), vars: {}, placement: null })).toBe(OWN);
  });

  it("goes under the environment, over what stands there", () => {
    const added = { ids: new Map([["DB", "x"]]), vars: { REGION: "weur" }, placement: null };
    const text = completeConfig(WITH_ENVIRONMENT, "eu", added);
    expect(readDeployConfig(text, "eu")).toMatchObject({ vars: { REGION: "weur", A: "2" }, databases: [{ id: "x" }] });
    expect(text.match(/REGION/g)).toHaveLength(1);
  });
});
