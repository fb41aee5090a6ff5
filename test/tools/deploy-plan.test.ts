import { describe, expect, it } from "vitest";
import { DeployRefused, deploy, type RunWrangler } from "./deploy-plan.ts";

/** A wrangler that notes what it was asked to do. */
function fakeWrangler(secrets: () => string): { calls: string[]; wrangler: RunWrangler } {
  const calls: string[] = [];
  const wrangler: RunWrangler = async (args) => {
    calls.push(args.join(" "));
    return args[0] === "secret" ? secrets() : "done";
  };
  return { calls, wrangler };
}

const BOTH = '[{"name":"OPERATOR_KEY","type":"secret_text"},{"name":"SESSION_SECRET","type":"secret_text"}]';

describe("npm run deploy", () => {
  it("migrates every remote database, then deploys", async () => {
    const { calls, wrangler } = fakeWrangler(() => BOTH);
    await deploy(wrangler, () => {}, ["DB", "DB2"], ["--env", "eu"]);
    expect(calls).toEqual([
      "secret list --format json",
      "d1 migrations apply DB --remote",
      "d1 migrations apply DB2 --remote",
      "deploy --env eu",
    ]);
  });

  it("refuses with the command to run when a secret is missing, and touches nothing", async () => {
    const { calls, wrangler } = fakeWrangler(() => '[{"name":"OPERATOR_KEY"}]');
    const refused = deploy(wrangler, () => {}, ["DB"]);
    await expect(refused).rejects.toThrow(DeployRefused);
    await expect(refused).rejects.toThrow(/secret put SESSION_SECRET/);
    expect(calls).toEqual(["secret list --format json"]);
  });

  it("refuses a first deployment without secrets the same way", async () => {
    const { wrangler } = fakeWrangler(() => {
      throw new Error("Worker rollcall not found [code: 10007]");
    });
    await expect(deploy(wrangler, () => {}, ["DB"])).rejects.toThrow(/OPERATOR_KEY[\s\S]*SESSION_SECRET/);
  });

  it("does not deploy when the migrations fail", async () => {
    const calls: string[] = [];
    const wrangler: RunWrangler = async (args) => {
      calls.push(args.join(" "));
      if (args[0] === "d1") throw new Error("migration failed");
      return BOTH;
    };
    await expect(deploy(wrangler, () => {}, ["DB"])).rejects.toThrow("migration failed");
    expect(calls.some((call) => call.startsWith("deploy"))).toBe(false);
  });
});
