import type { Random } from "../simulate/random.ts";
import { BrakeModel, LIMIT } from "./brake-model.ts";
import { type BrakedPerson, newPerson } from "./braked-person.ts";
import { create, documentOf, ENTERPRISE } from "./connection.ts";
import type { ModelGroup, ModelUser } from "./serial-model.ts";
import { type Judge, WireClient } from "./wire-client.ts";

/** What a braked setting groups by, its groups or values in the order of their size, and its own target group. */
const WAYS = {
  idp: { names: ["Guard", "Watch"], fallback: "Barracks" },
  field: { names: ["Forge", "Mill"], fallback: "Yard" },
} as const;
export type Way = keyof typeof WAYS;

/** A value that nobody begins with. */
export const NEW_VALUE = "Kiln";

/** The training that the first group, or value, of a braked setting enrols in. */
export const DRILL = "drill";

const PEOPLE = 6;

/** Where a company's braked settings are made. */
export interface Place {
  url: string;
  companyId: string;
  operator: WireClient;
  judge: Judge;
  random: Random;
}

/**
 * One SCIM setting with a brake that trips at the third loss of a kind, its identity provider, and the model of both. Its
 * provider sends one request at a time, so that the model knows which of them trips.
 */
export class BrakedSetting {
  readonly name: string;
  readonly way: Way;
  readonly model: BrakeModel;
  readonly client: WireClient;
  readonly settingId: string;
  readonly #judge: Judge;
  readonly #random: Random;
  readonly #groupIds = new Map<string, string>();
  #serial = 0;

  private constructor(way: Way, settingId: string, token: string, { url, judge, random }: Place) {
    this.way = way;
    this.name = `braked by ${way}`;
    this.settingId = settingId;
    this.model = new BrakeModel(way, WAYS[way].fallback);
    this.client = new WireClient(`${url}/scim/v2`, () => token, judge);
    this.#judge = judge;
    this.#random = random;
  }

  static async make(way: Way, place: Place): Promise<BrakedSetting> {
    const { operator, companyId } = place;
    const { names, fallback } = WAYS[way];
    const at = `/companies/${companyId}`;
    const [first] = names;
    // Made by hand, they stay whatever becomes of their groups.
    for (const name of names) {
      const { json } = await operator.send("POST", `${at}/target-groups`, { name });
      if (name === first)
        await operator.send("PUT", `${at}/target-groups/${json.id}/auto-enrolments`, [
          { kind: "training", id: DRILL, name: "Drill" },
        ]);
    }
    const limit = { people: LIMIT, percent: 0 };
    const made = await operator.send("POST", `${at}/scim-settings`, {
      name: `Braked by ${way}`,
      provider: "other",
      groupSettings: {
        criteria: way,
        targetGroupName: fallback,
        targetGroupScope: "ungrouped",
        ...(way === "field" ? { field: "department" } : {}),
      },
      safeguards: { leavers: limit, emptied: limit, moves: limit, group: limit },
    });
    const setting = new BrakedSetting(way, made.json.id, made.json.token.secret, place);
    for (let n = 0; n < PEOPLE; n += 1) await setting.join();
    return setting;
  }

  get names(): readonly string[] {
    return WAYS[this.way].names;
  }

  /** Those who are at the identity provider. */
  there(): BrakedPerson[] {
    return this.model.people.filter(({ isThere }) => isThere);
  }

  /** Somebody new, in the groups, or with the value, that half of the people have. */
  async join(): Promise<void> {
    const userName = `${this.way}-${this.#serial++}@example.com`;
    const department = this.way === "field" ? this.#random.pick(this.names) : null;
    const id = await create(this.#resource("/Users"), documentOf({ userName, active: true, department }), "userName");
    if (id === null) return;
    const person = newPerson({ id, userName, department });
    this.model.people.push(person);
    this.model.follow([person]);
    if (this.way === "field") return;
    const [first = ""] = this.names;
    await this.changeMembers(first, [...this.membersOf(first), person]);
    const [, second = ""] = this.names;
    if (this.#random.chance(0.5)) await this.changeMembers(second, [...this.membersOf(second), person]);
  }

  #resource(path: "/Users" | "/Groups") {
    return { client: this.client, judge: this.#judge, path };
  }

  async setActive(person: BrakedPerson, active: boolean): Promise<void> {
    await this.#patchUser(person, { op: "replace", value: { active, ...this.#renamed() } });
    person.active = active;
    this.model.follow([person]);
  }

  async setDepartment(person: BrakedPerson, department: string | null): Promise<void> {
    const path = `${ENTERPRISE}:department`;
    await this.#patchUser(
      person,
      department === null ? { op: "remove", path } : { op: "replace", path, value: department },
    );
    person.department = department;
    this.model.follow([person]);
  }

  /** A name that is new: what an identity provider repeats comes with something else, without which it says nothing. */
  #renamed(): { displayName: string } {
    return { displayName: `Name ${this.#serial++}` };
  }

  /** Changes something of somebody that has nothing to do with groups. */
  async rename(person: BrakedPerson): Promise<void> {
    await this.#patchUser(person, { op: "replace", value: this.#renamed() });
    this.model.follow([person]);
  }

  async #patchUser({ id }: BrakedPerson, operation: Record<string, unknown>): Promise<void> {
    const { status } = await this.client.send("PATCH", `/Users/${id}`, { Operations: [operation] });
    if (status !== 200) this.#judge.report(`PATCH of somebody of ${this.name}: ${status}`);
  }

  async remove(person: BrakedPerson): Promise<void> {
    await this.#delete(`/Users/${person.id}`);
    person.isThere = false;
    person.groups.clear();
    this.model.follow([person]);
  }

  async #delete(path: string): Promise<void> {
    const { status, isRetry } = await this.client.send("DELETE", path);
    if (status !== 204 && !(status === 404 && isRetry)) this.#judge.report(`DELETE ${path}: ${status}`);
  }

  membersOf(name: string): BrakedPerson[] {
    return this.there().filter(({ groups }) => groups.has(name));
  }

  /** Gives a group these members, by one request; makes it when it is not there. */
  async changeMembers(name: string, members: readonly BrakedPerson[]): Promise<void> {
    const value = members.map(({ id }) => ({ value: id }));
    const groupId = this.#groupIds.get(name);
    if (groupId === undefined) {
      const id = await create(this.#resource("/Groups"), { displayName: name, members: value }, "displayName");
      if (id !== null) this.#groupIds.set(name, id);
    } else if (members.length === 0 && this.#random.chance(0.5))
      await this.#patchGroup(groupId, { op: "remove", path: "members" });
    else if (this.#random.chance(0.5)) await this.#patchGroup(groupId, { op: "replace", path: "members", value });
    else {
      const { status } = await this.client.send("PUT", `/Groups/${groupId}`, { displayName: name, members: value });
      if (status !== 200) this.#judge.report(`PUT of ${name}: ${status}`);
    }
    this.#setMembers(name, members);
  }

  async #patchGroup(id: string, operation: Record<string, unknown>): Promise<void> {
    const { status } = await this.client.send("PATCH", `/Groups/${id}`, { Operations: [operation] });
    if (status !== 204 && status !== 200) this.#judge.report(`PATCH of a group of ${this.name}: ${status}`);
  }

  /** Takes somebody out of a group. */
  async leave(name: string, person: BrakedPerson): Promise<void> {
    const groupId = this.#groupIds.get(name);
    if (groupId === undefined || !person.groups.has(name)) return;
    await this.#patchGroup(groupId, { op: "remove", path: `members[value eq "${person.id}"]` });
    const left = this.membersOf(name).filter((member) => member !== person);
    this.#setMembers(name, left);
  }

  async removeGroup(name: string): Promise<void> {
    const id = this.#groupIds.get(name);
    if (id === undefined) return;
    await this.#delete(`/Groups/${id}`);
    this.#groupIds.delete(name);
    this.#setMembers(name, []);
  }

  #setMembers(name: string, members: readonly BrakedPerson[]): void {
    const changed = this.there().filter((person) => person.groups.has(name) !== members.includes(person));
    for (const person of changed) {
      if (members.includes(person)) person.groups.add(name);
      else person.groups.delete(name);
    }
    this.model.follow(changed);
  }

  /** The users and groups that the setting must answer. */
  directory(): { name: string; users: Map<string, ModelUser>; groups: Map<string, ModelGroup> } {
    const users = this.there().map(({ id, userName, active, department }) => {
      return [id, { id, userName, active, department, slots: {} }] as const;
    });
    const groups = [...this.#groupIds].map(([displayName, id]) => {
      const members = new Set(this.membersOf(displayName).map((person) => person.id));
      return [id, { id, displayName, members }] as const;
    });
    return { name: this.name, users: new Map(users), groups: new Map(groups) };
  }

  /** Target groups with the userNames in them, as the brake leaves them. */
  targetMembers(): Map<string, Set<string>> {
    const targets = new Map<string, Set<string>>();
    for (const { userName, target } of this.model.people)
      for (const name of target.places.keys()) targets.set(name, (targets.get(name) ?? new Set()).add(userName));
    return targets;
  }
}
