import { readOptions } from "./command-line.ts";
import { type Rehearsal, startRehearsal } from "./deploy-rehearsal.ts";

const USAGE = `npm run deploy:rehearse [-- options]

Deploys to a stand-in for Cloudflare's API on this machine, with the real wrangler: once as it is, then again with each of
wrangler's calls failing in turn (not done, and done with its answer lost) and the deployment repeated.

  --only TEXT   only calls that have this in them, as "PUT /workers"
  --help        this text

Exit code: 0 each repeated deployment ended well, 1 otherwise.`;

const { values } = readOptions("npm run deploy:rehearse", {
  options: { only: { type: "string", default: "" }, help: { type: "boolean" } },
});
if (values.help === true) console.log(USAGE);
else process.exitCode = await rehearse(values.only);

async function rehearse(only: string): Promise<number> {
  const whole = await startRehearsal();
  await deployWell(whole);
  const { calls } = whole.standIn;
  whole.end();
  // Of the migrations, which are one kind of call many times, the first and the last.
  const isRepeated = (call: string, at: number) => calls[at - 1] === call && calls[at + 1] === call;
  const chosen = calls.map((call, at) => ({ call, at })).filter(({ call, at }) => !isRepeated(call, at));
  let problems = 0;
  for (const { call, at } of chosen.filter((each) => each.call.includes(only)))
    for (const losesAnswer of [false, true]) {
      const fault = await failOnce(at + 1, losesAnswer);
      if (fault !== null) problems += 1;
      console.log(
        `${fault === null ? "ok  " : "FAIL"} ${call}${losesAnswer ? ", its answer lost" : ""}  ${fault ?? ""}`,
      );
    }
  console.log(`${problems} problems`);
  return problems === 0 ? 0 : 1;
}

/** Null when a deployment that failed at a call ends well when it is repeated; else what is wrong. */
async function failOnce(number: number, losesAnswer: boolean): Promise<string | null> {
  const rehearsal = await startRehearsal();
  try {
    const { standIn } = rehearsal;
    Object.assign(standIn, { losesAnswer, failWhen: (_: string, at: number) => at === number });
    await rehearsal.deploy([], { ROLLCALL_REGION: "weur" });
    standIn.failWhen = null;
    await deployWell(rehearsal);
    const secrets = standIn.workers.get("rollcall")?.secrets;
    if (JSON.stringify(secrets) !== JSON.stringify(JSON.parse(rehearsal.read(".secrets.rollcall.json"))))
      return "the Worker has other secrets than were kept";
    if (standIn.databases.length !== 1 || standIn.namespaces.length !== 1) return "something was made twice";
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    rehearsal.end();
  }
}

async function deployWell(rehearsal: Rehearsal): Promise<void> {
  const { code, said } = await rehearsal.deploy([], { ROLLCALL_REGION: "weur" });
  if (code !== 0) throw new Error(said);
}
