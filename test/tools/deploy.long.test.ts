import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Rehearsal, startRehearsal } from "./deploy-rehearsal.ts";

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await startRehearsal();
});
afterAll(() => rehearsal.end());

const secretsOf = (text: string): Record<string, string> => JSON.parse(text);
const workerOf = () => {
  const worker = rehearsal.standIn.workers.get("rollcall");
  if (worker === undefined) throw new Error("nothing was deployed");
  return worker;
};

/** Wrangler starts once for each step: on a busy machine that is more than other tests take (ms). */
const PATIENCE = 600_000;

describe("npm run deploy, with wrangler's own calls to a stand-in for Cloudflare", () => {
  it(
    "says with --dry-run what it would do, and calls nothing",
    async () => {
      const { code, said } = await rehearsal.deploy(["--dry-run"], {
        ROLLCALL_REGION: "weur",
        CLOUDFLARE_API_TOKEN: "",
      });
      expect(said).toMatch(
        /make the D1 database rollcall \(location weur\)[\s\S]*rollcall-tokens[\s\S]*Nothing was deployed/,
      );
      expect([code, rehearsal.standIn.calls]).toEqual([0, []]);
    },
    PATIENCE,
  );

  it(
    "makes what a fresh clone has not, and passes the Worker with two new secrets and its place",
    async () => {
      const { standIn } = rehearsal;
      const before = rehearsal.read("wrangler.toml");
      const { code, said } = await rehearsal.deploy([], { ROLLCALL_REGION: "weur" });
      const kept = secretsOf(rehearsal.read(".secrets.rollcall.json"));
      expect([code, said]).toEqual([0, expect.stringContaining("https://rollcall.stand-in.workers.dev/console")]);
      expect(said).toContain(kept.OPERATOR_KEY);
      expect(said).not.toContain(kept.SESSION_SECRET);
      expect(Buffer.from(kept.OPERATOR_KEY ?? "", "base64url")).toHaveLength(32);
      const { secrets, placement, bindings } = workerOf();
      expect(secrets).toEqual(kept);
      expect(placement).toEqual({ mode: "targeted", region: "aws:eu-central-1" });
      expect(bindings).toContainEqual({ type: "plain_text", name: "REGION", text: "weur" });
      expect(standIn.databases.map(({ name, location }) => [name, location])).toEqual([["rollcall", "weur"]]);
      expect(standIn.namespaces.map(({ title }) => title)).toEqual(["rollcall-tokens"]);
      expect(standIn.databases[0]?.sql.prepare("SELECT count(*) AS n FROM companies").get()).toEqual({ n: 0 });
      expect(rehearsal.read("wrangler.toml")).toBe(before);
    },
    PATIENCE,
  );
});
