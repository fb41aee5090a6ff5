import { setTimeout as sleep } from "node:timers/promises";
import { type BrakedPerson, KINDS, type Kind } from "./braked-person.ts";
import { BrakedSetting, DRILL, NEW_VALUE, type Place, type Way } from "./braked-setting.ts";
import { compareSets } from "./check-state.ts";
import type { TortureRuntime } from "./torture-runtime.ts";

/** Slips of an identity provider, by what a setting groups by. */
const SLIPS = {
  idp: ["group emptied", "group left", "group deleted", "everyone deactivated", "everyone deleted"],
  field: ["department cleared", "everyone moved", "everyone deactivated", "everyone deleted"],
} as const satisfies Record<Way, readonly string[]>;
type Slip = (typeof SLIPS)[Way][number];

/** What an admin, or the provider, does while a hold is open. */
const ANSWERS = [
  ...(["release some", "release all", "keep some", "keep all"] as const),
  ...(["undo", "contradict", "repeat", "joiner", "say anew"] as const),
] as const;

/** An accident that is played as it is written here, and not drawn. */
export interface Script {
  way: Way;
  slip: Slip;
  answers: readonly (typeof ANSWERS)[number][];
}

/** Whose work it is that a play of accidents waits for (tries of 50 ms). */
const MOST_WAITS = 2_400;

/** Plays accidents in braked settings and compares what is there, after each step, with what the model of the brake says. */
export class Accidents {
  readonly settings: readonly BrakedSetting[];
  readonly #runtime: TortureRuntime;
  readonly #place: Place;
  /** What to do before each step: a test kills the runtime there. */
  beforeStep: () => Promise<void> = async () => {};

  private constructor(runtime: TortureRuntime, place: Place, settings: BrakedSetting[]) {
    this.#runtime = runtime;
    this.#place = place;
    this.settings = settings;
  }

  /** Makes the braked settings of a company. */
  static async open(runtime: TortureRuntime, place: Place): Promise<Accidents> {
    const settings = [await BrakedSetting.make("idp", place), await BrakedSetting.make("field", place)];
    return new Accidents(runtime, place, settings);
  }

  /** One accident and what comes of it, until everything is as it should be again; drawn unless it is given. */
  async play(script: Script = this.#draw()): Promise<void> {
    const random = this.#place.random;
    const { slip, answers } = script;
    const setting = this.settings.find(({ way }) => way === script.way);
    if (setting === undefined) throw new Error(`no setting groups by ${script.way}`);
    const struck = setting.there();
    const story = [`${setting.name}: ${slip}`];
    const step = async (what: string, work: () => Promise<void>) => {
      if (this.#place.judge.problems.length > 0) return;
      await this.beforeStep();
      story.push(what);
      await work();
      await this.#compare(setting, story.join(", "));
    };
    await step("played", () => this.#strike(setting, slip, struck));
    for (const answer of answers) await step(answer, () => this.#answer(setting, slip, struck, answer));
    await step("put right", () => this.#putRight(setting));
    for (const kind of setting.model.holds.keys())
      await step("decided", () => this.#decide(setting, kind, random.pick(["release", "keep"]), setting.model.people));
    await step("unmanaged people removed", () => this.#removeUnmanaged(setting));
  }

  #draw(): Script {
    const random = this.#place.random;
    const { way } = random.pick(this.settings);
    const answers = Array.from({ length: 2 + random.int(4) }, () => random.pick(ANSWERS));
    return { way, slip: random.pick<Slip>(SLIPS[way]), answers };
  }

  async #answer(
    setting: BrakedSetting,
    slip: Slip,
    struck: readonly BrakedPerson[],
    answer: (typeof ANSWERS)[number],
  ): Promise<void> {
    const random = this.#place.random;
    const some = random.sample(setting.model.people, 1 + random.int(setting.model.people.length));
    const [kind] = setting.model.holds.keys();
    switch (answer) {
      case "joiner":
        return setting.join();
      case "repeat":
        for (const person of setting.there()) await setting.rename(person);
        return this.#strike(setting, slip, struck);
      case "contradict":
        return this.#putRightFor(setting, random.sample(struck, 2));
      case "say anew":
        return this.#sayAnew(setting, random.sample(struck, 2));
      case "undo":
        return kind === undefined ? undefined : this.#undo(setting, kind, some);
      default: {
        const decision = answer.startsWith("release") ? "release" : "keep";
        const people = answer.endsWith("all") ? setting.model.people : some;
        return kind === undefined ? undefined : this.#decide(setting, kind, decision, people);
      }
    }
  }

  async #strike(setting: BrakedSetting, slip: Slip, people: readonly BrakedPerson[]): Promise<void> {
    const [first = "", second = ""] = setting.names;
    if (slip === "group emptied") return setting.changeMembers(first, []);
    if (slip === "group deleted") return setting.removeGroup(first);
    for (const person of people.filter(({ isThere }) => isThere)) {
      if (slip === "group left") await setting.leave(first, person);
      else if (slip === "everyone deactivated") await setting.setActive(person, false);
      else if (slip === "everyone deleted") await setting.remove(person);
      else if (slip === "department cleared") await setting.setDepartment(person, null);
      else await setting.setDepartment(person, person.department === first ? second : first);
    }
  }

  /** The provider says something of some that it never said before: another value, or one more group. */
  async #sayAnew(setting: BrakedSetting, people: readonly BrakedPerson[]): Promise<void> {
    const there = people.filter(({ isThere }) => isThere);
    const [, second = ""] = setting.names;
    if (setting.way === "field") for (const person of there) await setting.setDepartment(person, NEW_VALUE);
    else await setting.changeMembers(second, [...new Set([...setting.membersOf(second), ...there])]);
  }

  /** The provider brings some back to what they were, by their number. */
  async #putRightFor(setting: BrakedSetting, people: readonly BrakedPerson[]): Promise<void> {
    const [first = "", second = ""] = setting.names;
    const back = people.filter(({ isThere }) => isThere);
    for (const person of back) {
      if (!person.active) await setting.setActive(person, true);
      const home = Number.parseInt(person.userName.split("-")[1] ?? "", 10) % 3 > 0 ? first : second;
      if (setting.way === "field" && person.department !== home) await setting.setDepartment(person, home);
    }
    const members = new Set([...setting.membersOf(first), ...back]);
    if (setting.way === "idp" && back.length > 0) await setting.changeMembers(first, [...members]);
  }

  async #putRight(setting: BrakedSetting): Promise<void> {
    await this.#putRightFor(setting, setting.there());
    while (setting.there().length < 6) await setting.join();
  }

  async #decide(
    setting: BrakedSetting,
    kind: Kind,
    decision: "release" | "keep",
    people: readonly BrakedPerson[],
  ): Promise<void> {
    const hold = await this.#openHold(setting, kind);
    if (hold === null) return;
    const userIds = people.map(({ id }) => id);
    const isAll = people.length === setting.model.people.length;
    const isMeant = setting.model.waiting(kind).some((person) => people.includes(person));
    const body = { version: hold.version, ...(isAll ? {} : { userIds }) };
    await this.#post(`/holds/${hold.id}/${decision}`, body, isMeant);
    setting.model.decide(kind, decision, people);
  }

  async #undo(setting: BrakedSetting, kind: Kind, people: readonly BrakedPerson[]): Promise<void> {
    const hold = await this.#openHold(setting, kind);
    if (hold === null) return;
    const isMeant = setting.model.canUndo(kind, people);
    await this.#post(`/holds/${hold.id}/undo`, { userIds: people.map(({ id }) => id) }, isMeant);
    setting.model.undo(kind, people);
  }

  /** Asks for a decision, which is refused when it means nobody. */
  async #post(path: string, body: Record<string, unknown>, isMeant: boolean): Promise<void> {
    const { operator, companyId, judge } = this.#place;
    const { status, json, isRetry } = await operator.send("POST", `/companies/${companyId}${path}`, body);
    const isDone = isMeant ? status === 200 || (isRetry && status === 409) : status === 409;
    if (!isDone) judge.report(`POST ${path}: ${status} ${JSON.stringify(json)}`);
  }

  async #openHold(setting: BrakedSetting, kind: Kind): Promise<{ id: string; version: number } | null> {
    const { operator, companyId, judge } = this.#place;
    const { json } = await operator.send("GET", `/companies/${companyId}/holds?status=open&limit=200`);
    const found = json.items.find(
      (one: { settingId: string; kind: string }) => one.settingId === setting.settingId && one.kind === kind,
    );
    if (found === undefined) judge.report(`${setting.name}: no hold of ${kind} is open`);
    return found ?? null;
  }

  async #removeUnmanaged({ model }: BrakedSetting): Promise<void> {
    const { operator, companyId, judge } = this.#place;
    for (const { id, target } of model.people.filter(({ target: { isManaged } }) => !isManaged)) {
      const { status, isRetry } = await operator.send("DELETE", `/companies/${companyId}/target-users/${id}`);
      if (status !== 204 && !isRetry) judge.report(`DELETE of an unmanaged person: ${status}`);
      target.status = "gone";
      target.places.clear();
    }
    const left = model.people.filter(({ target: { status } }) => status !== "gone");
    model.people.splice(0, model.people.length, ...left);
  }

  /** Compares people, memberships, enrolments and holds of a setting with its model, once what follows a decision is done. */
  async #compare(setting: BrakedSetting, story: string): Promise<void> {
    const { judge } = this.#place;
    await this.#settle();
    const people = setting.model.people.filter(({ target: { status } }) => status !== "gone");
    const [first = ""] = setting.names;
    const expected = people.flatMap(({ id, target: { status, places } }) => [
      `${id} ${status}`,
      ...[...places.keys()].map((name) => `${id} in ${name}`),
      ...(places.has(first) ? [`${id} takes ${DRILL}`] : []),
    ]);
    const ids = JSON.stringify(setting.model.people.map(({ id }) => id));
    const rows = await this.#rows(
      `WITH p AS (SELECT u.user_key, u.id, u.active FROM json_each(?) j JOIN users u ON u.id = j.value)
       SELECT id || iif(active, ' active', ' inactive') AS line FROM p
       UNION ALL SELECT DISTINCT p.id || ' in ' || g.name FROM p JOIN target_group_members m ON m.user_key = p.user_key
         JOIN target_groups g ON g.target_group_key = m.target_group_key
       UNION ALL SELECT p.id || ' takes ' || e.item_id FROM p JOIN enrolments e ON e.user_key = p.user_key AND e.status = 'active'`,
      ids,
    );
    const lines = rows.map(({ line }) => String(line));
    compareSets(judge, story, lines, expected);
    const holds = await this.#rows(
      `SELECT h.kind || ' ' || h.people AS line FROM holds h JOIN scim_settings s ON s.setting_key = h.setting_key
       WHERE s.id = ? AND h.status = 'open'`,
      setting.settingId,
    );
    const waiting = KINDS.filter((kind) => setting.model.holds.has(kind)).map(
      (kind) => `${kind} ${setting.model.waiting(kind).length}`,
    );
    const open = holds.map(({ line }) => String(line));
    compareSets(judge, `holds after ${story}`, open, waiting);
  }

  async #settle(): Promise<void> {
    for (let wait = 0; wait < MOST_WAITS; wait += 1) {
      const [row] = await this.#rows(
        "SELECT (SELECT count(*) FROM hold_decisions) + (SELECT count(*) FROM replans) AS n",
      );
      if (row?.n === 0) return;
      await sleep(50);
    }
    this.#place.judge.report("what follows a decision was never done");
  }

  #rows(sql: string, ...parameters: unknown[]): Promise<Record<string, unknown>[]> {
    return this.#runtime.rowsOnceThere(sql, ...parameters);
  }
}
