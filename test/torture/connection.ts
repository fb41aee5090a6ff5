import type { Random } from "../simulate/random.ts";
import { type ModelGroup, ModelSetting, type ModelUser } from "./serial-model.ts";
import type { Judge, WireClient } from "./wire-client.ts";

/** The schema of the department. */
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const DEPARTMENTS = ["Sales", "Legal", "Crew", "Research"];
const MOST_USERS = 12;

/** Attributes of shared users, of which each connection writes one. */
const SLOTS = ["title", "nickName", "preferredLanguage", "locale", "timezone", "profileUrl"] as const;

/** What the connections of one setting share. */
export interface Shared {
  model: ModelSetting;
  users: ModelUser[];
  groups: ModelGroup[];
}

/**
 * One connection of a provider: one request at a time, each repeated until it is answered. It alone changes its own users,
 * their memberships, and its slot of the shared users, so what must be there in the end does not depend on the order in
 * which the connections are served.
 */
export class Connection {
  readonly #client: WireClient;
  readonly #judge: Judge;
  readonly #random: Random;
  readonly #shared: Shared;
  readonly #number: number;
  readonly #own: ModelUser[] = [];
  #serial = 0;

  constructor(client: WireClient, judge: Judge, random: Random, shared: Shared, number: number) {
    this.#client = client;
    this.#judge = judge;
    this.#random = random;
    this.#shared = shared;
    this.#number = number;
  }

  /** Makes one change, and now and then looks whether it is there. */
  async step(): Promise<void> {
    const random = this.#random;
    const user = this.#own.length === 0 ? undefined : random.pick(this.#own);
    const roll = random.next();
    if (user === undefined || (roll < 0.2 && this.#own.length < MOST_USERS)) await this.#create();
    else if (roll < 0.28) await this.#remove(user);
    else if (roll < 0.45) await this.#move(user);
    else if (roll < 0.55) await this.#setActive(user, !user.active);
    else if (roll < 0.75) await this.#toggleMembership(user);
    else if (roll < 0.85) await this.#replace(user);
    else await this.#writeSlot();
    if (random.chance(0.3)) await this.#look();
  }

  async #create(): Promise<void> {
    const userName = `u${this.#number}-${this.#serial++}@example.com`;
    const department = this.#random.pick([...DEPARTMENTS, null]);
    const document = documentOf({ userName, active: true, department });
    const id = await create({ client: this.#client, judge: this.#judge, path: "/Users" }, document, "userName");
    if (id === null) return;
    const user: ModelUser = { id, userName, active: true, department, slots: {} };
    this.#own.push(user);
    this.#shared.model.users.set(id, user);
  }

  async #remove(user: ModelUser): Promise<void> {
    const answer = await this.#client.send("DELETE", `/Users/${user.id}`);
    if (answer.status !== 204 && !(answer.status === 404 && answer.isRetry))
      this.#judge.report(`DELETE ${user.userName}: ${answer.status}`);
    this.#own.splice(this.#own.indexOf(user), 1);
    this.#shared.model.users.delete(user.id);
    for (const group of this.#shared.groups) group.members.delete(user.id);
  }

  async #move(user: ModelUser): Promise<void> {
    const department = this.#random.pick(DEPARTMENTS);
    const operation = { op: "replace", path: `${ENTERPRISE}:department`, value: department };
    await this.#patch(`/Users/${user.id}`, operation, 200);
    user.department = department;
  }

  async #setActive(user: ModelUser, active: boolean): Promise<void> {
    await this.#patch(`/Users/${user.id}`, { op: "replace", path: "active", value: active }, 200);
    user.active = active;
  }

  async #replace(user: ModelUser): Promise<void> {
    const department = this.#random.pick([...DEPARTMENTS, null]);
    const document = documentOf({ ...user, department });
    const { status } = await this.#client.send("PUT", `/Users/${user.id}`, document);
    if (status !== 200) this.#judge.report(`PUT ${user.userName}: ${status}`);
    user.department = department;
  }

  async #toggleMembership(user: ModelUser): Promise<void> {
    const group = this.#random.pick(this.#shared.groups);
    const isMember = group.members.has(user.id);
    const operation = isMember
      ? { op: "remove", path: `members[value eq "${user.id}"]` }
      : { op: "add", path: "members", value: [{ value: user.id }] };
    await this.#patch(`/Groups/${group.id}`, operation, 204);
    if (isMember) group.members.delete(user.id);
    else group.members.add(user.id);
  }

  async #writeSlot(): Promise<void> {
    const user = this.#random.pick(this.#shared.users);
    const slot = SLOTS[this.#number % SLOTS.length] ?? "title";
    const value = slot === "profileUrl" ? `https://example.com/${this.#serial++}` : `v${this.#serial++}`;
    await this.#patch(`/Users/${user.id}`, { op: "replace", path: slot, value }, 200);
    user.slots[slot] = value;
  }

  async #patch(path: string, operation: Record<string, unknown>, expected: number): Promise<void> {
    const { status, json } = await this.#client.send("PATCH", path, { Operations: [operation] });
    if (status !== expected) this.#judge.report(`PATCH ${path}: ${status} ${JSON.stringify(json)}`);
  }

  /** What was acknowledged is there to be read at once. */
  async #look(): Promise<void> {
    if (this.#own.length === 0) return;
    const user = this.#random.pick(this.#own);
    const { status, json } = await this.#client.send("GET", `/Users/${user.id}`);
    const found = status === 200 ? ModelSetting.describe(readUser(json)) : String(status);
    if (found !== ModelSetting.describe(user))
      this.#judge.report(`read after write: ${found} instead of ${ModelSetting.describe(user)}`);
  }
}

/**
 * Creates a resource and gives its id, or null with a report. A create whose first answer was lost is refused as a duplicate,
 * and found by its name at once.
 */
export async function create(
  { client, judge, path }: { client: WireClient; judge: Judge; path: "/Users" | "/Groups" },
  document: Record<string, unknown>,
  nameAttribute: "userName" | "displayName",
): Promise<string | null> {
  const name = String(document[nameAttribute]);
  const { status, json, isRetry } = await client.send("POST", path, document);
  if (status === 201) return json.id;
  if (status !== 409 || !isRetry) {
    judge.report(`POST ${name}: ${status} ${JSON.stringify(json)}`);
    return null;
  }
  const found = await client.send("GET", `${path}?filter=${encodeURIComponent(`${nameAttribute} eq "${name}"`)}`);
  const id = found.json?.Resources?.[0]?.id ?? null;
  if (id === null) judge.report(`${name} is a duplicate, and no filter finds it`);
  return id;
}

/** A user's document as a provider sends it. */
export function documentOf({ userName, active, department }: Omit<ModelUser, "id" | "slots">): Record<string, unknown> {
  const emails = [{ value: userName, type: "work", primary: true }];
  return { userName, active, emails, ...(department === null ? {} : { [ENTERPRISE]: { department } }) };
}

/** A user's document as the model keeps it. */
// biome-ignore lint/suspicious/noExplicitAny: a wrong shape fails the comparison.
export function readUser(json: any): ModelUser {
  return {
    id: json.id,
    userName: json.userName,
    active: json.active !== false,
    department: json[ENTERPRISE]?.department ?? null,
    slots: Object.fromEntries(SLOTS.filter((slot) => slot in json).map((slot) => [slot, json[slot]])),
  };
}
