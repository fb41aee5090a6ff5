import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom, type Random } from "../simulate/random.ts";
import { checkDirectory, checkFeed, checkInvariants, checkTargets } from "./check-state.ts";
import { CALM, type FaultPlan, type Plant } from "./fault-plan.ts";
import { RoundCourse, type RoundLength } from "./round-length.ts";
import { TortureRuntime } from "./torture-runtime.ts";
import { Hopeless, Judge, type Problem } from "./wire-client.ts";
import { World } from "./world.ts";

/** What a round does to the server while the connections go on. */
interface Round {
  faults: Partial<FaultPlan>;
  event?: "kill" | "redeploy";
}

/** The kinds of rounds. A calm one comes back between the others: then nothing excuses a refusal. */
export const ROUNDS = {
  calm: { faults: {} },
  "two writers": { faults: { isDuplicated: true } },
  "failing D1": { faults: { d1Before: 0.08, d1After: 0.04 } },
  "lost answers of D1": { faults: { d1After: 0.12 } },
  "slow D1": { faults: { d1Slow: 0.3, slowMs: 200, d1Before: 0.01 } },
  "failing KV": { faults: { kvFails: 0.3, kvMisses: 0.5 } },
  "aborted writers": { faults: { abort: 0.08 } },
  "kill -9": { faults: {}, event: "kill" },
  redeploy: { faults: {}, event: "redeploy" },
  everything: {
    faults: { d1Before: 0.03, d1After: 0.03, d1Slow: 0.1, slowMs: 50, kvMisses: 0.2, abort: 0.03, isDuplicated: true },
    event: "kill",
  },
} as const satisfies Record<string, Round>;
export type RoundName = keyof typeof ROUNDS;

/** How a campaign is run; the same seed plans the same requests and the same faults. */
interface CampaignOptions {
  seed: string;
  /** Rounds begin until this time is over (ms). */
  duration: number;
  roundLength: RoundLength;
  connections: number;
  plant: Plant | null;
  /** Whether accidents are played, of settings that have a brake, and stops of enrolments. */
  hasAccidents: boolean;
  /** Whether the webhooks are drained in the time that they take, without anybody who helps. */
  isPatient: boolean;
  /** The rounds in order instead of drawn ones. */
  rounds?: readonly RoundName[];
  print?: (line: string) => void;
}

/** What a campaign found. */
interface CampaignResult {
  seed: string;
  rounds: number;
  requests: number;
  retries: number;
  problems: Problem[];
  /** The last errors that the Worker logged. */
  log: string[];
}

/** Plays providers against a real local runtime, breaks things, and compares what is there with a serial model. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { seed, duration, connections, hasAccidents, plant, print = () => {} } = options;
  const folder = mkdtempSync(join(tmpdir(), "rollcall-torture-"));
  const judge = new Judge();
  const runtime = await TortureRuntime.start(folder, { ...CALM, seed });
  let world: World | null = null;
  let rounds = 0;
  try {
    const randomFor = (name: string) => createRandom(`${seed} ${name}`);
    world = await World.create(runtime, judge, { connections, hasAccidents, randomFor });
    const random = randomFor("rounds");
    const planned = [...(options.rounds ?? random.sample(Object.keys(ROUNDS) as RoundName[], 99))]; // its own keys
    const end = Date.now() + duration;
    while ((planned.length > 0 && options.rounds !== undefined) || Date.now() < end) {
      const name = planned.shift() ?? random.pick(Object.keys(ROUNDS) as RoundName[]); // its own keys
      judge.round = `${rounds} (${name})`;
      await runRound(runtime, world, judge, { name, random, options, plan: { plant, seed: `${seed} ${rounds}` } });
      rounds += 1;
      print(`${judge.round}: ${judge.requests} requests, ${judge.problems.length} problems so far`);
      if (judge.problems.length > 0) break;
    }
    judge.round = "webhooks";
    if (judge.problems.length === 0) print(await world.endpoints.drain(runtime, options.isPatient));
  } catch (error) {
    if (!(error instanceof Hopeless)) throw error;
  } finally {
    world?.endpoints.close();
    await runtime.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return { seed, rounds, requests: judge.requests, retries: judge.retries, problems: judge.problems, log: runtime.log };
}

interface RoundRun {
  name: RoundName;
  random: Random;
  options: CampaignOptions;
  plan: Partial<FaultPlan>;
}

async function runRound(runtime: TortureRuntime, world: World, judge: Judge, run: RoundRun): Promise<void> {
  const round: Round = ROUNDS[run.name];
  judge.allowsUnavailable = run.name !== "calm";
  await runtime.follow({ ...CALM, ...round.faults, ...run.plan });
  if (run.name === "calm") await world.endpoints.watchPace(runtime);
  else world.endpoints.isTroubled = true;
  const course = new RoundCourse(run.options.roundLength);
  const breaking = course.reach(0.3 + 0.4 * run.random.next()).then(() => breakRuntime(runtime, round));
  const work = world.settings
    .flatMap(({ connections }) => connections)
    .map(async (connection) => {
      while (course.goesOn()) await connection.step();
    });
  work.push(world.administer(run.random));
  if (world.accidents !== null) work.push(world.accidents.play());
  if (world.stops !== null) work.push(world.stops.play());
  await Promise.all([...work, breaking]);
  if (run.name === "calm") world.endpoints.checkPace();
  await check(runtime, world, judge, run.plan);
}

async function breakRuntime(runtime: TortureRuntime, { event }: Round): Promise<void> {
  if (event === "kill") await runtime.killAndReopen();
  if (event === "redeploy") await runtime.redeploy();
}

/** Looks at everything once the work that a change of grouping left over is done. */
async function check(runtime: TortureRuntime, world: World, judge: Judge, plan: Partial<FaultPlan>): Promise<void> {
  judge.allowsUnavailable = true;
  await runtime.follow({ ...CALM, ...plan });
  for (let wait = 0; wait < 1_200; wait += 1) {
    const [row] = await runtime.rows("SELECT count(*) AS n FROM replans");
    if (row?.n === 0) break;
    if (wait === 1_199) judge.report("work left over was never done");
    await sleep(100);
  }
  for (const { client, shared } of world.settings) await checkDirectory(client, shared.model, judge);
  const played = [...(world.accidents?.settings ?? []), ...(world.stops === null ? [] : [world.stops])];
  for (const setting of played) await checkDirectory(setting.client, setting.directory(), judge);
  await checkTargets(runtime, [...world.settings.map(({ shared }) => shared.model), ...played], judge);
  await checkInvariants(runtime, judge);
  // What is torn cannot be listed.
  if (judge.problems.length === 0) await checkFeed(world, judge);
}
