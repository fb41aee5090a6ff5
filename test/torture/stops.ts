import { setTimeout as sleep } from "node:timers/promises";
import type { Place } from "./braked-setting.ts";
import { compareSets } from "./check-state.ts";
import { create, documentOf } from "./connection.ts";
import { ConsoleClient } from "./console-client.ts";
import type { ModelGroup, ModelUser } from "./serial-model.ts";
import { type Stand, StopModel, type Trainee } from "./stop-model.ts";
import type { TortureRuntime } from "./torture-runtime.ts";
import { WireClient } from "./wire-client.ts";

const GROUP = "Galley";
const KNOTS = { kind: "training", id: "knots", name: "Knots", dueInDays: 30 };
const PEOPLE = 5;
/** What may happen between a stop and its undo. */
const BETWEEN = ["joiner", "leaver", "returner", "removal", "again by hand"] as const;
/** Reported ends, which no other enrolment has (ms). */
const FIRST_END = Date.parse("2040-01-01T00:00:00Z");
const MOST_WAITS = 2_400;

/** Stops of a target group's enrolments, their undo, and what comes in between, of a setting of their own, with its model. */
export class Stops {
  readonly name = "stopped";
  readonly client: WireClient;
  readonly #runtime: TortureRuntime;
  readonly #place: Place;
  readonly #console: ConsoleClient;
  readonly #groupId: string;
  readonly #model = new StopModel();
  #serial = 0;
  /** What to do before each step: a test kills the runtime there. */
  beforeStep: () => Promise<void> = async () => {};

  private constructor(runtime: TortureRuntime, place: Place, token: string, groupId: string) {
    this.#runtime = runtime;
    this.#place = place;
    this.#groupId = groupId;
    this.client = new WireClient(`${place.url}/scim/v2`, () => token, place.judge);
    this.#console = new ConsoleClient(place.url, place.judge);
  }

  /** Makes the setting, its people, and a target group that enrols them. */
  static async open(runtime: TortureRuntime, place: Place): Promise<Stops> {
    const at = `/companies/${place.companyId}`;
    const off = { leavers: null, emptied: null, moves: null, group: null };
    const made = await place.operator.send("POST", `${at}/scim-settings`, {
      ...{ name: "Stopped", provider: "other", safeguards: off },
      groupSettings: { criteria: "none", targetGroupName: GROUP, targetGroupScope: "everyone" },
    });
    const groups = await place.operator.send("GET", `${at}/target-groups?limit=200`);
    const group = groups.json.items.find((one: { name: string }) => one.name === GROUP);
    const stops = new Stops(runtime, place, made.json.token.secret, group.id);
    await stops.#setItems([KNOTS]);
    for (let n = 0; n < PEOPLE; n += 1) await stops.#join();
    return stops;
  }

  /** One stop, what happens meanwhile, its undo, and what comes after, with a look after each step. */
  async play(): Promise<void> {
    const { random, judge } = this.#place;
    const story: string[] = [];
    const step = async (what: string, work: () => Promise<void>) => {
      if (judge.problems.length > 0) return;
      await this.beforeStep();
      story.push(what);
      await work();
      await this.#compare(story.join(", "));
    };
    while (this.#model.people.filter(({ isThere, isCompleted }) => isThere && !isCompleted).length < PEOPLE)
      await step("joiner", () => this.#join());
    await step("reports", () => this.#report());
    await step("stop", () => this.#stop());
    for (let n = random.int(4); n > 0; n -= 1) {
      const what = random.pick(BETWEEN);
      await step(what, () => this.#happen(what));
    }
    await step("undo", () => this.#undo());
    for (const what of ["returner", "leaver", "returner"] as const) await step(what, () => this.#happen(what));
  }

  async #happen(what: (typeof BETWEEN)[number]): Promise<void> {
    const { random } = this.#place;
    const there = this.#model.people.filter(({ isThere }) => isThere);
    const [someone] = random.sample(
      what === "returner" ? there.filter(({ active }) => !active) : this.#model.members,
      1,
    );
    if (what === "joiner") return this.#join();
    if (what === "again by hand") return this.#beginAgain();
    if (someone === undefined) return;
    if (what === "removal") return this.#remove(someone);
    return this.#setActive(someone, what === "returner");
  }

  async #join(): Promise<void> {
    const userName = `knots-${this.#serial++}@example.com`;
    const resource = { client: this.client, judge: this.#place.judge, path: "/Users" } as const;
    const id = await create(resource, documentOf({ userName, active: true, department: null }), "userName");
    if (id !== null) this.#model.join(id, userName);
  }

  async #setActive(trainee: Trainee, active: boolean): Promise<void> {
    const operation = { op: "replace", path: "active", value: active };
    const { status } = await this.client.send("PATCH", `/Users/${trainee.id}`, { Operations: [operation] });
    if (status !== 200) this.#place.judge.report(`PATCH of active: ${status}`);
    this.#model.setActive(trainee, active);
  }

  async #remove(trainee: Trainee): Promise<void> {
    const { status, isRetry } = await this.client.send("DELETE", `/Users/${trainee.id}`);
    if (status !== 204 && !(status === 404 && isRetry)) this.#place.judge.report(`DELETE of a trainee: ${status}`);
    this.#model.remove(trainee);
  }

  /** The training platform tells how far some are. */
  async #report(): Promise<void> {
    const { random, operator, companyId, judge } = this.#place;
    const open = this.#model.people.filter((trainee) => trainee.open !== null);
    for (const trainee of random.sample(open, 1 + random.int(open.length))) {
      const [row] = await this.#rows(`${OPEN} AND e.user_id = ?`, trainee.id);
      const stand = random.pick<Stand["status"] | "completed">(["inProgress", "inProgress", "failed", "completed"]);
      const score = random.chance(0.5) ? random.int(100) : null;
      const dueAt = FIRST_END + this.#serial++ * 1_000;
      const isCompleted = stand === "completed";
      const body = { status: stand, score, ...(isCompleted ? {} : { dueAt: new Date(dueAt).toISOString() }) };
      const path = `/companies/${companyId}/enrolments/${row?.id}/progress`;
      const { status, json } = await operator.send("PUT", path, body);
      if (status !== 200) judge.report(`PUT of progress: ${status} ${JSON.stringify(json)}`);
      this.#model.report(trainee, isCompleted ? "completed" : { status: stand, score, dueAt });
    }
  }

  async #setItems(items: readonly object[]): Promise<void> {
    const { operator, companyId, judge } = this.#place;
    const at = `/companies/${companyId}/target-groups/${this.#groupId}/auto-enrolments`;
    const { status } = await operator.send("PUT", at, items);
    if (status !== 200) judge.report(`the auto-enrolments of ${GROUP} could not be set: ${status}`);
  }

  async #stop(): Promise<void> {
    await this.#setItems([]);
    this.#model.stop();
  }

  async #beginAgain(): Promise<void> {
    await this.#setItems([KNOTS]);
    this.#model.beginAgain();
  }

  /** The admin presses Undo, which is not to be found where there is nothing to undo. */
  async #undo(): Promise<void> {
    const { companyId, judge } = this.#place;
    const path = `/companies/${companyId}/groups/${this.#groupId}/auto-enrolments/undo`;
    const { status, isRetry } = await this.#console.post(path, { kind: KNOTS.kind, id: KNOTS.id });
    const isDone = this.#model.canUndo ? status === 303 || (isRetry && status === 404) : status === 404;
    if (!isDone) judge.report(`POST ${path}: ${status}`);
    if (this.#model.canUndo) this.#model.undo();
  }

  /** Compares who is enrolled, and how far, with the model, once all that follows is done. */
  async #compare(story: string): Promise<void> {
    const { judge } = this.#place;
    await this.#settle();
    const ids = JSON.stringify(this.#model.people.map(({ id }) => id));
    const open = await this.#rows(`${OPEN} AND e.user_id IN (SELECT value FROM json_each(?))`, ids);
    const completed = await this.#rows(
      `SELECT DISTINCT e.user_id FROM enrolments e JOIN users u ON u.user_key = e.user_key
       WHERE e.progress_status = 'completed' AND u.id IN (SELECT value FROM json_each(?))`,
      ids,
    );
    const found = open.map(({ user_id, status, score, due_at }) => {
      const dueAt = Number(due_at) >= FIRST_END ? Number(due_at) : null;
      return `${user_id} ${JSON.stringify([status ?? "assigned", score, dueAt])}`;
    });
    compareSets(
      judge,
      story,
      [...found, ...completed.map(({ user_id }) => `${user_id} completed`)],
      this.#model.lines(),
    );
  }

  async #settle(): Promise<void> {
    for (let wait = 0; wait < MOST_WAITS; wait += 1) {
      const [row] = await this.#rows("SELECT count(*) AS n FROM replans");
      if (row?.n === 0) return;
      await sleep(50);
    }
    this.#place.judge.report("what follows a stop was never done");
  }

  #rows(sql: string, ...parameters: unknown[]): Promise<Record<string, unknown>[]> {
    return this.#runtime.rowsOnceThere(sql, ...parameters);
  }

  /** The users that the setting must answer. */
  directory(): { name: string; users: Map<string, ModelUser>; groups: Map<string, ModelGroup> } {
    const users = this.#model.people
      .filter(({ isThere }) => isThere)
      .map(({ id, userName, active }) => [id, { id, userName, active, department: null, slots: {} }] as const);
    return { name: this.name, users: new Map(users), groups: new Map() };
  }

  /** The one target group with the userNames in it. */
  targetMembers(): Map<string, Set<string>> {
    return new Map([[GROUP, new Set(this.#model.members.map(({ userName }) => userName))]]);
  }
}

const OPEN = `SELECT e.id, e.user_id, e.progress_status AS status, e.score, e.due_at FROM enrolments e
  WHERE e.status = 'active' AND e.progress_status IS NOT 'completed'`;
