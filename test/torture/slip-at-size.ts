import { setTimeout as sleep } from "node:timers/promises";
import { playAccident } from "../simulate/accident.ts";
import { isThere } from "../simulate/belief.ts";
import { compareTarget } from "../simulate/compare-target.ts";
import { changeMembers } from "../simulate/group-life.ts";
import { joinLate, type Life } from "../simulate/life.ts";
import { createManagement, findSetting } from "../simulate/management.ts";
import { DEPARTMENTS } from "../simulate/names.ts";
import { createTurns, runPool, type Task } from "../simulate/pool.ts";
import type { ProviderName } from "../simulate/provider.ts";
import { createRecorder } from "../simulate/recorder.ts";
import { createConnector, openSession } from "../simulate/simulate.ts";
import { changePerson } from "../simulate/user-life.ts";
import { arriveInBulk } from "./bulk-arrival.ts";
import { SlipCompany } from "./slip-company.ts";
import type { Story } from "./slip-stories.ts";
import type { TortureRuntime } from "./torture-runtime.ts";

/** What is played. */
export interface SlipPlan {
  provider: ProviderName;
  story: Story;
  users: number;
  groups?: number;
  seed: number;
  /** Whether the setting has the usual brake, or none. */
  isBraked: boolean;
  /** Whether workerd is killed in the middle of the release. */
  hasKill: boolean;
}

/** What came of it. */
export interface SlipResult {
  problems: string[];
  requests: number;
  /** Who waited before the release, by kind. */
  holds: string[];
  /** Enrolments that were withdrawn before the first hold opened, and while it was open. */
  withdrawnBefore: number;
  withdrawnAfter: number;
  joiners: number;
  /** How long the slip and the release took (s). */
  slipSeconds: number;
  releaseSeconds: number;
  /** People, memberships with reasons and enrolments in the end, by userName. */
  lines: string[];
}

const BY_DEPARTMENT: ReadonlySet<Story> = new Set(["department-cleared", "monday-by-department"]);

/** Plays a slip of a provider in a company of its own, looks what waits, releases it, and compares the end with the belief. */
export async function playSlip(runtime: TortureRuntime, plan: SlipPlan): Promise<SlipResult> {
  const problems: string[] = [];
  const report = (problem: string) => void problems.push(problem);
  const company = await SlipCompany.open(runtime, {
    criteria: BY_DEPARTMENT.has(plan.story) ? "field" : "idp",
    isBraked: plan.isBraked,
    groups: ["All Staff", "Security Champions"],
    values: DEPARTMENTS,
  });
  const recorder = createRecorder();
  const { provider, users, groups, seed } = plan;
  const options = { provider, users, groups, seed, tenantUrl: company.tenantUrl, token: company.token };
  const { session, plan: lifePlan } = openSession(options, recorder, { report, bearer: () => company.token });
  const { belief } = session;
  const connector = createConnector(session, options);
  const run = (_: string, tasks: Task[]) => runPool(tasks, session.connections, () => {});
  const life: Life = { session, connector, belief, plan: lifePlan, run, inTurn: createTurns(), keep: false };
  try {
    await arriveInBulk(life);
    await company.settle();
    const before = await company.enrolments();
    const began = performance.now();
    await playStory(life, plan.story);
    await company.settle();
    const slipSeconds = (performance.now() - began) / 1_000;
    const joiners = belief.users.filter((user) => lifePlan.lateJoiners.has(user.person.index)).filter(isThere);
    const held = await company.judgeHeld({ before, joiners }, report);
    await company.judgeJoiners(belief, joiners, report);
    if (plan.story.startsWith("monday") && held.holds.length > 0)
      report(`a Monday leaves ${held.holds.join(", ")} behind`);
    const released = performance.now();
    await company.release(plan.hasKill, report);
    const releaseSeconds = (performance.now() - released) / 1_000;
    const management = createManagement(company.access);
    const setting = await findSetting(management, company.id, company.token);
    if (setting === null) throw new Error("the setting is gone");
    await compareTarget(session, connector, management, setting);
    await company.judgeEnrolments(report);
    const requests = [...recorder.samples.values()].reduce((sum, samples) => sum + samples.length, 0);
    const lines = await company.lines();
    const figures = { requests, ...held, joiners: joiners.length, slipSeconds, releaseSeconds };
    return { problems, ...figures, lines };
  } finally {
    session.wire.close();
    await sleep(0);
  }
}

/** Plays a story; whoever joins does so in the middle of it. */
async function playStory(life: Life, story: Story): Promise<void> {
  const { belief, plan } = life;
  const late = belief.users.filter(({ person }) => plan.lateJoiners.has(person.index));
  const run = async (title: string, tasks: Task[]) => {
    const half = Math.ceil(tasks.length / 2);
    await life.run(title, tasks.slice(0, half));
    await life.run(
      "late joiners",
      late.splice(0).map((user) => () => joinLate(life, user)),
    );
    await life.run(title, tasks.slice(half));
  };
  const busy = { ...life, run };
  if (story === "monday-by-department" || story === "monday-by-groups") await playMonday(busy);
  else await playAccident(busy, story);
}

/** Leavers, movers, and groups that their client empties and refills. */
async function playMonday(life: Life): Promise<void> {
  const { belief, connector, session } = life;
  const people = session.random.sample(belief.users.filter(isThere), belief.users.length);
  const share = (percent: number) => people.splice(0, Math.floor((belief.users.length * percent) / 100));
  const leavers = share(3).map((user) => async () => {
    await connector.setActive(user, false);
    user.state = "inactive";
  });
  const movers = share(5).map(
    (user) => () => changePerson(life, user, { attributes: { department: session.random.pick(DEPARTMENTS) } }),
  );
  await life.run("leavers and movers", [...leavers, ...movers]);
  const groups = belief.groups.filter(({ state }) => state === "present");
  await life.run(
    "empty and refill",
    groups.map((group) => async () => {
      const members = [...group.members];
      await changeMembers(life, group, [], members);
      await changeMembers(life, group, members, []);
    }),
  );
}
