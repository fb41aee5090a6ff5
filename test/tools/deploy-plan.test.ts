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

const CONFIG = `[[d1_databases]]
binding = "DB"
database_id = "0192f0aa-0000-4000-8000-000000000000"

[[kv_namespaces]]
binding = "TOKENS"
id = "0123456789abcdef0123456789abcdef"
`;
const named = { say: () => {}, config: CONFIG };

describe("npm run deploy", () => {
  it("asks, migrates and deploys the environment it is told", async () => {
    for (const scope of [["--env", "eu"], ["--env=eu"], ["-e", "eu", "-c", "eu.toml"]]) {
      const { calls, wrangler } = fakeWrangler(() => BOTH);
      await deploy({ wrangler, say: () => {}, config: "" }, [...scope, "--minify"]);
      const told = scope.join(" ");
      expect(calls).toEqual([
        `secret list --format json ${told}`,
        `d1 migrations apply DB --remote ${told}`,
        `deploy ${told} --minify`,
      ]);
    }
  });

  it("refuses with what to do while wrangler.toml names no database or namespace, or a placeholder", async () => {
    const { calls, wrangler } = fakeWrangler(() => BOTH);
    const lacking = [
      CONFIG.replace(/database_id.*\n/, ""),
      CONFIG.replace(/database_id = ".*"/, 'database_id = "<your database id>"'),
      CONFIG.replace(/\nid.*\n/, "\n"),
      "",
    ];
    for (const config of lacking) {
      const refused = deploy({ wrangler, say: () => {}, config });
      await expect(refused).rejects.toThrow(DeployRefused);
      await expect(refused).rejects.toThrow(/npx wrangler (d1|kv namespace) create/);
    }
    expect(calls).toEqual([]);
  });

  it("migrates the remote database, then deploys", async () => {
    const { calls, wrangler } = fakeWrangler(() => BOTH);
    await deploy({ wrangler, ...named }, ["--dry-run"]);
    expect(calls).toEqual(["secret list --format json", "d1 migrations apply DB --remote", "deploy --dry-run"]);
  });

  it("migrates every database that is bound", async () => {
    const { calls, wrangler } = fakeWrangler(() => BOTH);
    const second = CONFIG.replace("[[kv", `[[d1_databases]]\nbinding = "DB2"\ndatabase_id = "0192f0aa-1"\n\n[[kv`);
    await deploy({ wrangler, say: () => {}, config: second });
    expect(calls.slice(1, 3)).toEqual(["d1 migrations apply DB --remote", "d1 migrations apply DB2 --remote"]);
  });

  it("refuses with the command to run when a secret is missing, and touches nothing", async () => {
    const { calls, wrangler } = fakeWrangler(() => '[{"name":"OPERATOR_KEY"}]');
    const refused = deploy({ wrangler, ...named });
    await expect(refused).rejects.toThrow(DeployRefused);
    await expect(refused).rejects.toThrow(/secret put SESSION_SECRET/);
    expect(calls).toEqual(["secret list --format json"]);
  });

  it("refuses a first deployment without secrets the same way", async () => {
    const { wrangler } = fakeWrangler(() => {
      throw new Error("Worker rollcall not found [code: 10007]");
    });
    await expect(deploy({ wrangler, ...named })).rejects.toThrow(/OPERATOR_KEY[\s\S]*SESSION_SECRET/);
  });

  it("does not deploy when the migrations fail", async () => {
    const calls: string[] = [];
    const wrangler: RunWrangler = async (args) => {
      calls.push(args.join(" "));
      if (args[0] === "d1") throw new Error("migration failed");
      return BOTH;
    };
    await expect(deploy({ wrangler, ...named })).rejects.toThrow("migration failed");
    expect(calls.some((call) => call.startsWith("deploy"))).toBe(false);
  });
});
