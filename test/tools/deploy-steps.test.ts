import { describe, expect, it } from "vitest";
import { deploy, type Ran, type RunWrangler } from "./deploy-steps.ts";

const ok = (stdout = ""): Ran => ({ isOk: true, stdout, output: stdout });
const failed = (output: string): Ran => ({ isOk: false, stdout: "", output });
const BOTH = ok('[{"name":"OPERATOR_KEY","type":"secret_text"},{"name":"SESSION_SECRET","type":"secret_text"}]');

/** A wrangler that answers by its first word, and notes what it was asked. */
function wrangler(answers: Partial<Record<string, Ran>>): { run: RunWrangler; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    run: async (args) => {
      asked.push(args.join(" "));
      return answers[args[0] ?? ""] ?? ok();
    },
  };
}

describe("npm run deploy", () => {
  it("looks for the secrets, migrates, then deploys with the arguments it was given", async () => {
    const { run, asked } = wrangler({ secret: BOTH });
    expect(await deploy(run, () => {}, ["--env", "staging"])).toBeNull();
    expect(asked).toEqual(["secret list --format json", "d1 migrations apply DB --remote", "deploy --env staging"]);
  });

  it("refuses, and names the commands, when a secret is missing or the Worker was never deployed", async () => {
    for (const secret of [
      ok("[]"),
      ok('[{"name":"OPERATOR_KEY"}]'),
      ok("not json"),
      failed("This Worker does not exist on your account. [code: 10007]"),
    ]) {
      const { run, asked } = wrangler({ secret });
      const refusal = await deploy(run, () => {}, []);
      expect(refusal).toContain("npx wrangler secret put SESSION_SECRET");
      expect(refusal).toContain("Nothing was deployed");
      expect(asked).toEqual(["secret list --format json"]);
    }
  });

  it("passes on why wrangler cannot list the secrets, and does nothing more", async () => {
    const { run, asked } = wrangler({ secret: failed("You are not logged in. Run wrangler login.") });
    expect(await deploy(run, () => {}, [])).toContain("wrangler login");
    expect(asked).toHaveLength(1);
  });

  it("does not deploy over a database that could not be migrated, and says how to make one", async () => {
    const { run, asked } = wrangler({ secret: BOTH, d1: failed("Couldn't find a D1 DB with the name 'DB'") });
    expect(await deploy(run, () => {}, [])).toMatch(
      /nothing was deployed[\s\S]*wrangler d1 create rollcall --location/,
    );
    expect(asked.some((command) => command.startsWith("deploy"))).toBe(false);
  });

  it("says so when the deployment itself fails", async () => {
    const { run } = wrangler({ secret: BOTH, deploy: failed("Your account has no workers.dev subdomain") });
    expect(await deploy(run, () => {}, [])).toMatch(/migrations are applied, but the deployment failed/);
  });
});
