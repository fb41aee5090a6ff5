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

describe("npm run deploy, with wrangler's own calls to a stand-in for Cloudflare", () => {
  it("says with --dry-run what it would do, and calls nothing", async () => {
    const { code, said } = await rehearsal.deploy(["--dry-run"], { ROLLCALL_REGION: "weur", CLOUDFLARE_API_TOKEN: "" });
    expect(said).toMatch(
      /make the D1 database rollcall \(location weur\)[\s\S]*rollcall-tokens[\s\S]*Nothing was deployed/,
    );
    expect([code, rehearsal.standIn.calls]).toEqual([0, []]);
  });

  it("deploys a fresh clone although the last call failed once, with one database, namespace and pair of secrets", async () => {
    const { standIn } = rehearsal;
    const before = rehearsal.read("wrangler.toml");
    // After the Worker is there, its schedule is not set.
    standIn.failWhen = (call) => call.includes("/schedules");
    const first = await rehearsal.deploy([], { ROLLCALL_REGION: "weur" });
    expect(first.code).toBe(1);
    expect(first.said).toContain("can be repeated as it was");
    const made = secretsOf(rehearsal.read(".secrets.rollcall.json"));
    expect(Buffer.from(made.OPERATOR_KEY ?? "", "base64url")).toHaveLength(32);
    expect(workerOf().secrets).toEqual(made);

    standIn.failWhen = null;
    const second = await rehearsal.deploy();
    expect([second.code, second.said]).toEqual([
      0,
      expect.stringContaining("https://rollcall.stand-in.workers.dev/console"),
    ]);
    expect(second.said).toContain(".secrets.rollcall.json");
    expect(standIn.databases.map(({ name, location }) => [name, location])).toEqual([["rollcall", "weur"]]);
    expect(standIn.namespaces.map(({ title }) => title)).toEqual(["rollcall-tokens"]);
    expect(workerOf().secrets).toEqual(made);
    // What was asked for the first time stays.
    expect(workerOf().placement).toEqual({ mode: "targeted", region: "aws:eu-central-1" });
    expect(workerOf().bindings).toContainEqual({ type: "plain_text", name: "REGION", text: "weur" });
    expect(rehearsal.read("wrangler.toml")).toBe(before);
    const [database] = standIn.databases;
    expect(database?.sql.prepare("SELECT count(*) AS n FROM companies").get()).toEqual({ n: 0 });
  });
});
