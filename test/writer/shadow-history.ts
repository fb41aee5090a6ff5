import { env } from "cloudflare:workers";
import fc from "fast-check";
import { newId } from "../../src/platform/uuid.ts";
import type { Safeguards } from "../../src/settings/safeguards.ts";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import type { Operation, WriteResult } from "../../src/writer/operation.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";
import { type Bench, Client, finishFollowUps, idOf, NO_BRAKE, newBench, requestOf, requireOutcome } from "./bench.ts";
import {
  namesMadeBy,
  type TargetSide,
  type ToldGroup,
  type ToldSetting,
  type ToldUser,
  targetSideOf,
} from "./shadow-oracle.ts";
import { targetGroupId } from "./target-side.ts";

const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
/** Target groups made by hand before anything happens, with what each enrols its members in. */
const ITEMS = { Sales: "t0", Legal: "t1", Crew: "t2", All: "t0" };
/** Names that others come to have, too. */
const NAMES = ["Sales", "Legal", "Crew", "Deck", "Galley"];
/** Everything that would wait, waits. */
const STRICT: Safeguards = {
  ...{ leavers: { people: 0, percent: 0 }, emptied: { people: 0, percent: 0 } },
  ...{ moves: { people: 0, percent: 0 }, group: { people: 0, percent: 0 } },
};

const nth = fc.nat(11);
const name = fc.constantFrom(...NAMES);
const mail = fc.nat(5);
const setting = fc.nat(2);
const members = fc.array(nth, { maxLength: 5 });
const step = <K extends string, T extends object>(
  weight: number,
  kind: K,
  more: { [N in keyof T]: fc.Arbitrary<T[N]> },
) => ({
  weight,
  arbitrary: fc.record({ kind: fc.constant(kind), ...more }) as fc.Arbitrary<{ kind: K } & T>, // of exactly these members
});

/** One step of an identity provider's, or an admin's, day; who and what it concerns is named by its place. */
const anyStep = fc.oneof(
  step(6, "status", { nth, isActive: fc.boolean() }),
  step(6, "value", { nth, value: fc.option(name) }),
  step(3, "mail", { nth, mail }),
  step(6, "join", { setting, mail, value: fc.option(name), isActive: fc.constantFrom(true, true, false) }),
  step(3, "delete", { nth }),
  step(4, "group", { setting, name, members }),
  step(6, "member", { nth, member: nth, isIn: fc.boolean() }),
  step(3, "list", { nth, members }),
  // Only to groups that are there: one that a rename makes would get a copy of what the old one enrols in.
  step(2, "rename", { nth, name: fc.constantFrom("Sales", "Legal", "Crew") }),
  step(2, "ungroup", { nth }),
  step(3, "manual", { nth, isIn: fc.boolean() }),
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

const own = (targetGroupName: string) => ({ targetGroupName, targetGroupScope: "ungrouped" as const });
const grouping: fc.Arbitrary<GroupSettingsInput> = fc.constantFrom<GroupSettingsInput[]>(
  { criteria: "idp" },
  { criteria: "idp", ...own("Rest") },
  { criteria: "idp", targetGroupName: "All" },
  { criteria: "field", field: "department" },
  { criteria: "field", field: "department", ...own("All") },
  { criteria: "field", field: "department", ...own("Rest") },
  { criteria: "none", targetGroupName: "Crew" },
);

/**
 * Three settings that share people and names of groups, when each goes live (0: it never was in shadow), what happens, and
 * after which steps the work that is left waits.
 */
export const anyShadowHistory = fc.record({
  settings: fc.tuple(grouping, grouping, grouping),
  liveAt: fc.tuple(fc.constant(0), fc.integer({ min: 1, max: 45 }), fc.constantFrom(0, 5, 15, 45)),
  steps: fc.array(fc.tuple(anyStep, fc.boolean()), { minLength: 8, maxLength: 40, size: "max" }),
});
export type ShadowHistory = typeof anyShadowHistory extends fc.Arbitrary<infer T> ? T : never;

/** A resource as its identity provider knows it, with the id that it was given. */
type Known<T> = T & { id: string; setting: number };

/** A company that lives a history, with settings in shadow or with none, and what its identity providers have told. */
export class ShadowCompany {
  readonly bench: Bench;
  readonly #ids: string[] = [];
  readonly #told: ToldSetting[] = [];
  #users: Known<ToldUser>[] = [];
  #groups: Known<ToldGroup>[] = [];
  readonly #byHand = new Map<string, Set<string>>();
  /** The names that target groups may have. */
  readonly named = new Set(Object.keys(ITEMS));
  #made = 0;

  private constructor(bench: Bench) {
    this.bench = bench;
  }

  static async begin({ settings, liveAt }: ShadowHistory, hasShadow: boolean): Promise<ShadowCompany> {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const company = new ShadowCompany(bench);
    for (const [groupName, id] of Object.entries(ITEMS)) {
      if (groupName !== "All") await company.#admin({ kind: "createTargetGroup", name: groupName });
      const items = [{ kind: "training" as const, id, name: id }];
      await company.#admin({ kind: "setAutoEnrolments", targetGroupId: await targetGroupId(bench, groupName), items });
    }
    for (const [index, groupSettings] of settings.entries())
      await company.#addSetting(groupSettings, hasShadow && (liveAt[index] ?? 0) > 0);
    return company;
  }

  /** Has somebody come to each setting, and a second one of the same person to another. */
  async fill(): Promise<void> {
    for (let n = 0; n < 6; n += 1)
      await this.take({ kind: "join", setting: n % 3, mail: n % 4, value: NAMES[n % 4] ?? null, isActive: true });
  }

  async #addSetting(groupSettings: GroupSettingsInput, isInShadow: boolean): Promise<void> {
    const id = newId(Date.now());
    // Its brake would stop everything: in shadow nothing counts.
    const safeguards = isInShadow ? STRICT : NO_BRAKE;
    await this.#admin({
      ...{
        kind: "createSetting",
        id,
        name: `S ${id}`,
        provider: "other",
        fieldMappings: [],
        groupSettings,
        safeguards,
      },
      mode: isInShadow ? "shadow" : "live",
    });
    this.#ids.push(id);
    this.#told.push({ grouping: groupSettings, isLive: !isInShadow, users: [], groups: [] });
  }

  async #admin(operation: Operation): Promise<void> {
    requireOutcome(await this.bench.writer.write(requestOf(operation, { actor: "admin" })));
    await this.settle();
  }

  /** Does all work that is left: those of settings that were told to go live have come out of shadow then. */
  async settle(): Promise<void> {
    await finishFollowUps(this.bench.writer);
    for (const { isLive, users } of this.#told) if (isLive) for (const user of users) user.isSeen = true;
    this.#noteNames();
  }

  /** Has a setting go live, if it is in shadow; the work that it leaves is for later. */
  async goLive(index: number): Promise<void> {
    const told = this.#told[index];
    const settingId = this.#ids[index] ?? "";
    if (told === undefined || told.isLive) return;
    await this.#admin({ kind: "updateSetting", settingId, safeguards: NO_BRAKE });
    const path = `/companies/${this.bench.companyId}/scim-settings/${settingId}`;
    const { version } = must(await operate("GET", path), 200).shadow;
    const operation = { kind: "goLive", settingId, version } as const;
    requireOutcome(await this.bench.writer.write(requestOf(operation, { actor: "admin" })));
    told.isLive = true;
    this.#noteNames();
  }

  /** A group that is made stays, or goes again. */
  #noteNames(): void {
    for (const name of namesMadeBy(this.#told)) this.named.add(name);
  }

  /** Takes a step; gives how it was answered, 0 for well. */
  async take(step: Step): Promise<number> {
    const result = await this.#ask(step);
    this.#noteNames();
    return result === null || result.ok ? 0 : result.status;
  }

  #client(setting: number): Client {
    return new Client(this.bench.writer, this.#ids[setting] ?? "");
  }

  #ask(step: Step): Promise<WriteResult | null> | null {
    switch (step.kind) {
      case "join":
        return this.#join(step);
      case "group":
        return this.#makeGroup(step);
      case "status":
      case "value":
      case "mail":
      case "delete":
      case "manual": {
        const user = this.#users[step.nth % Math.max(1, this.#users.length)];
        return user === undefined ? null : this.#changeUser(user, step);
      }
      default: {
        const group = this.#groups[step.nth % Math.max(1, this.#groups.length)];
        return group === undefined ? null : this.#changeGroup(group, step);
      }
    }
  }

  async #join({ setting, mail, value, isActive }: Step & { kind: "join" }): Promise<WriteResult> {
    this.#made += 1;
    const isSeen = this.#told[setting]?.isLive === true;
    const user = {
      isSeen,
      userName: `u${this.#made}`,
      email: `m${mail}@example.com`,
      department: value,
      isActive,
      setting,
    };
    const more = { emails: [{ value: user.email, type: "work" }], active: isActive };
    const result = await this.#client(setting).postUser(user.userName, value ?? undefined, more);
    if (!result.ok) return result;
    const known = { ...user, id: idOf(result) };
    this.#users.push(known);
    this.#told[setting]?.users.push(known);
    return result;
  }

  async #changeUser(
    user: Known<ToldUser>,
    step: Step & { kind: "status" | "value" | "mail" | "delete" | "manual" },
  ): Promise<WriteResult | null> {
    const client = this.#client(user.setting);
    const replace = (path: string, value: unknown) => client.patchUser(user.id, { op: "replace", path, value });
    switch (step.kind) {
      case "status":
        user.isActive = step.isActive;
        return replace("active", step.isActive);
      case "value":
        user.department = step.value;
        return step.value === null
          ? client.patchUser(user.id, { op: "remove", path: DEPARTMENT })
          : replace(DEPARTMENT, step.value);
      case "mail":
        user.email = `m${step.mail}@example.com`;
        return replace('emails[type eq "work"].value', user.email);
      case "manual":
        return this.#setByHand(user, step.isIn);
      default:
        this.#users = this.#users.filter((other) => other !== user);
        this.#forget(user);
        return client.deleteUser(user.id);
    }
  }

  #forget(user: Known<ToldUser>): void {
    const told = this.#told[user.setting];
    told?.users.splice(told.users.indexOf(user), 1);
    for (const group of this.#groups) if (group.setting === user.setting) group.members.delete(user.userName);
    this.#byHand.delete(user.userName);
  }

  /** Only people of the setting that never was in shadow: of others nobody knows before they are live. */
  async #setByHand(user: Known<ToldUser>, isIn: boolean): Promise<WriteResult | null> {
    if (user.setting !== 0) return null;
    const lines = new Set(this.#byHand.get(user.userName));
    if (isIn) lines.add("Crew by manual of -1");
    else lines.delete("Crew by manual of -1");
    this.#byHand.set(user.userName, lines);
    const kind = isIn ? "addManualMember" : "removeManualMember";
    const targetGroupId = await this.#groupId("Crew");
    return this.bench.writer.write(requestOf({ kind, targetGroupId, userId: user.id }, { actor: "admin" }));
  }

  #groupId(groupName: string): Promise<string> {
    return targetGroupId(this.bench, groupName);
  }

  #membersOf(setting: number, places: readonly number[]): Known<ToldUser>[] {
    const users = this.#users.filter((user) => user.setting === setting);
    return [...new Set(places.flatMap((place) => users[place % Math.max(1, users.length)] ?? []))];
  }

  async #makeGroup(step: Step & { kind: "group" }): Promise<WriteResult> {
    const { setting } = step;
    const users = this.#membersOf(setting, step.members);
    const result = await this.#client(setting).postGroup(
      step.name,
      users.map(({ id }) => id),
    );
    if (!result.ok) return result;
    const group = { id: idOf(result), setting, name: step.name, members: new Set(users.map((user) => user.userName)) };
    this.#groups.push(group);
    this.#told[setting]?.groups.push(group);
    return result;
  }

  async #changeGroup(
    group: Known<ToldGroup>,
    step: Step & { kind: "member" | "list" | "rename" | "ungroup" },
  ): Promise<WriteResult | null> {
    const client = this.#client(group.setting);
    if (step.kind === "rename") {
      const result = await client.putGroup(group.id, step.name);
      if (result.ok) group.name = step.name;
      return result;
    }
    if (step.kind === "ungroup") {
      this.#groups = this.#groups.filter((other) => other !== group);
      const told = this.#told[group.setting];
      told?.groups.splice(told.groups.indexOf(group), 1);
      return client.deleteGroup(group.id);
    }
    if (step.kind === "list") {
      const users = this.#membersOf(group.setting, step.members);
      group.members = new Set(users.map((user) => user.userName));
      const ids = users.map(({ id }) => id);
      return client.putGroup(group.id, group.name, ids);
    }
    const [user] = this.#membersOf(group.setting, [step.member]);
    if (user === undefined) return null;
    if (step.isIn) group.members.add(user.userName);
    else group.members.delete(user.userName);
    return step.isIn
      ? client.patchGroup(group.id, { op: "add", path: "members", value: [{ value: user.id }] })
      : client.patchGroup(group.id, { op: "remove", path: `members[value eq "${user.id}"]` });
  }

  /** What the rules say of what was told. */
  get expected(): TargetSide {
    return targetSideOf(this.#told, this.#byHand, ITEMS);
  }

  /** How many holds there ever were. */
  async countHolds(): Promise<number> {
    const sql = "SELECT count(*) AS n FROM holds WHERE company_key = (SELECT company_key FROM companies WHERE id = ?)";
    return (await env.DB.prepare(sql).bind(this.bench.companyId).first<number>("n")) ?? 0;
  }

  /** The settings in the order in which they were made. */
  get settingIds(): readonly string[] {
    return this.#ids;
  }
}
