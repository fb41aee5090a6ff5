import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROVIDER_NAMES } from "../simulate/provider.ts";
import { endWithUsage, readNumber, readOptions } from "../tools/command-line.ts";
import { CALM } from "./fault-plan.ts";
import type { SlipPlan, SlipResult } from "./slip-at-size.ts";
import { STORIES } from "./slip-stories.ts";
import type { TortureRuntime } from "./torture-runtime.ts";

const USAGE = `npm run torture:slips -- [options]

  --users 1000                 people of each company
  --providers entra,okta       whose requests: ${PROVIDER_NAMES.join(", ")}
  --stories A,B                what happens (default: all): ${STORIES.join(", ")}
  --seed 1                     another number is another company
  --twin                       play each story without a brake as well, and compare the ends
  --kill                       kill workerd in the middle of each release

Each story is played against a local runtime with its state on disk: no training is withdrawn while a hold is open, whoever
joins in the middle is enrolled at once, and after the release all is as the rules want it.
Exit code: 0 all of that is so, 1 something is not.`;

const COMMAND = "npm run torture:slips";

async function main(): Promise<number> {
  const text = { type: "string" as const };
  const flag = { type: "boolean" as const, default: false };
  const options = { users: text, providers: text, stories: text, seed: text, twin: flag, kill: flag, help: flag };
  const { values } = readOptions(COMMAND, { options });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const providers = readNames("providers", values.providers, PROVIDER_NAMES) ?? ["entra", "okta"];
  const stories = readNames("stories", values.stories, STORIES) ?? STORIES;
  const users = readNumber(COMMAND, "users", values.users ?? "1000", 1);
  const seed = readNumber(COMMAND, "seed", values.seed ?? "1");
  // Whoever asks for help does not wait for a runtime to be loaded.
  const { TortureRuntime } = await import("./torture-runtime.ts");
  const folder = mkdtempSync(join(tmpdir(), "rollcall-slips-"));
  const runtime = await TortureRuntime.start(folder, { ...CALM, seed: "slips" });
  let isRight = true;
  try {
    for (const provider of providers)
      for (const story of stories) {
        const plan = { provider, story, users, seed };
        const problems = await judge(runtime, { ...plan, isBraked: true, hasKill: values.kill }, values.twin);
        if (problems.length > 0) isRight = false;
      }
  } finally {
    await runtime.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(isRight ? "Verdict: right." : "Verdict: WRONG.");
  return isRight ? 0 : 1;
}

/** The names of a list with commas; null without a list. A name that is none ends the command. */
function readNames<Name extends string>(option: string, list: string | undefined, all: readonly Name[]): Name[] | null {
  if (list === undefined) return null;
  return list.split(",").map((text) => {
    const found = all.find((name) => name === text);
    return found ?? endWithUsage(COMMAND, `--${option} are of: ${all.join(", ")}.`);
  });
}

/** Plays one story, with a twin perhaps, and says what came of it. */
async function judge(runtime: TortureRuntime, plan: SlipPlan, hasTwin: boolean): Promise<string[]> {
  const { playSlip } = await import("./slip-at-size.ts");
  const result = await playSlip(runtime, plan);
  const { problems } = result;
  if (hasTwin) {
    const twin = await playSlip(runtime, { ...plan, isBraked: false, hasKill: false });
    problems.push(...twin.problems.map((problem) => `without a brake: ${problem}`), ...compareEnds(result, twin));
  }
  const { holds, requests, withdrawnBefore, withdrawnAfter, joiners, slipSeconds, releaseSeconds, lines } = result;
  console.log(
    `${plan.provider} ${plan.story}, ${plan.users} people: ${requests} requests in ${slipSeconds.toFixed(0)} s; ` +
      `waited: ${holds.join(", ") || "nothing"}; trainings withdrawn before the trip: ${withdrawnBefore}, after it: ${withdrawnAfter}; ` +
      `${joiners} joiners enrolled; released in ${releaseSeconds.toFixed(1)} s; ` +
      `${lines.length} lines compared${hasTwin ? ", with a twin" : ""}: ${problems.length} problems`,
  );
  for (const problem of problems.slice(0, 10)) console.log(`  ${problem}`);
  return problems;
}

function compareEnds({ lines }: SlipResult, { lines: free }: SlipResult): string[] {
  const [held, wanted] = [new Set(lines), new Set(free)];
  return [
    ...free.filter((line) => !held.has(line)).map((line) => `only without a brake: ${line}`),
    ...lines.filter((line) => !wanted.has(line)).map((line) => `only with a brake: ${line}`),
  ];
}

process.exit(await main());
