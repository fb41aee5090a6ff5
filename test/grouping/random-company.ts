import { env } from "cloudflare:workers";
import fc from "fast-check";
import type { Reenrol } from "../../src/directory/enrolment-column-values.ts";
import { DAY } from "../../src/platform/clock.ts";
import { PRESENT_FORM } from "../../src/platform/stored-row-forms.ts";
import type { Safeguards } from "../../src/settings/safeguards.ts";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import type { Operation } from "../../src/writer/operation.ts";
import { operate } from "../scim-api/scim-client.ts";
import { Client, finishFollowUps, idOf, newWriter, requestOf, requireOutcome } from "../writer/bench.ts";
import { age } from "../writer/old-company.ts";

/*
 * Random companies, made by a writer: several settings whose values, IdP groups and own target groups share names, groups
 * made by hand, manual members, auto-enrolments, people who came inactive or left, a setting that was deleted and left its
 * people, settings in shadow, people of whom something waits in a hold or was kept, and names lost to others.
 */

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** Few names, so that what feeds a target group meets: spelt differently, beyond ASCII, as other types, and too long. */
const NAMES = ["Sales", "sales", "SALES", "Ops", "7", "true", "Éire", "éire"] as const;
const VALUES = [...NAMES, " Sales ", "7.0", "", "x".repeat(300)];

const ATTRIBUTES = ["title", "nickName", "userType", "department", "costCenter", "familyName"] as const;
const PATHS = [
  "title",
  "nickName",
  "userType",
  `${ENTERPRISE}:department`,
  `${ENTERPRISE}:costCenter`,
  "name.familyName",
];

/** The company's own fields, by the types whose values can name groups. */
const FIELDS = [
  { key: "site", label: "Site", type: "text" },
  { key: "level", label: "Level", type: "number" },
  { key: "remote", label: "Remote", type: "boolean" },
];

interface Mapping {
  field: string;
  path: string;
}

/** Group settings as drawn: the own target group by name, or, as a number, one of those that are there. */
export interface Grouping {
  criteria: "none" | "field" | "idp";
  field: string;
  own: string | number | null;
  isUngrouped: boolean;
}

interface Person {
  isActive: boolean;
  /** Whether somebody inactive was active before. */
  hasLeft: boolean;
  mail: string | null;
  values: (string | null)[];
}

interface Part {
  isInShadow: boolean;
  /** Whether everything that its people would lose waits. */
  isBraked: boolean;
  grouping: Grouping;
  mappings: Mapping[];
  people: Person[];
  groups: { name: string; members: number[] }[];
}

/** Something that an identity provider takes from one of its people, or gives: another value everywhere, or none. */
interface Slip {
  person: number;
  what: "inactive" | "deleted" | "value" | "groups";
  value: string | null;
}

/** A change of one of the settings; what is null stays as it is. */
export interface Change {
  setting: number;
  grouping: Grouping | null;
  mappings: Mapping[] | null;
}

/** A company as drawn, and what is then changed in it. */
export interface CompanyPlan {
  parts: Part[];
  /** Whether the last setting, where there are others, is deleted and leaves its people as they are. */
  isLastDeleted: boolean;
  byHand: string[];
  manual: [group: number, person: number][];
  enrolling: number[];
  /** Who of those who are enrolled has completed it, what returners get, and whether everybody was out and back. */
  completed: number[];
  reenrol: Reenrol;
  isEmptied: boolean;
  /** What then is taken from people, and whether what waits of it is kept. */
  slips: Slip[];
  isKept: boolean;
  /** Whether two names are folded alike by now that were not when they came. */
  areNamesLost: boolean;
  changes: Change[];
}

const nth = fc.nat(40);
const path = fc.constantFrom(...PATHS);
const fold = (name: string) => name.trim().toLowerCase();

const mappings: fc.Arbitrary<Mapping[]> = fc
  .record({ site: path, level: path, remote: path, department: fc.option(path), lastName: fc.option(path) })
  .map((paths) => Object.entries(paths).flatMap(([field, each]) => (each === null ? [] : [{ field, path: each }])));

const grouping: fc.Arbitrary<Grouping> = fc.record({
  criteria: fc.constantFrom("none", "field", "field", "field", "idp", "idp"),
  field: fc.constantFrom("department", "department", "lastName", "site", "level", "remote"),
  own: fc.oneof(fc.constant(null), fc.constantFrom(...NAMES, "Everyone"), nth),
  isUngrouped: fc.boolean(),
});

const person: fc.Arbitrary<Person> = fc.record({
  isActive: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  hasLeft: fc.boolean(),
  mail: fc.option(fc.constantFrom("a@example.com", "B@example.com", "b@example.com")),
  values: fc.tuple(...ATTRIBUTES.map(() => fc.option(fc.constantFrom(...VALUES), { freq: 3 }))),
});

const rarely = fc.nat(3).map((n) => n === 0);

const slip: fc.Arbitrary<Slip> = fc.record({
  person: nth,
  what: fc.constantFrom("inactive", "deleted", "value", "value", "groups"),
  value: fc.option(fc.constantFrom(...NAMES), { freq: 3 }),
});

const part: fc.Arbitrary<Part> = fc.record({
  isInShadow: rarely,
  isBraked: fc.boolean(),
  grouping,
  mappings,
  people: fc.array(person, { maxLength: 7, size: "max" }),
  groups: fc.uniqueArray(
    fc.record({ name: fc.constantFrom(...NAMES, "Crew", "x".repeat(300)), members: fc.array(nth, { maxLength: 4 }) }),
    { maxLength: 3, selector: ({ name }) => fold(name) },
  ),
});

/** Any company, with up to three changes of its settings. */
export const anyCompany: fc.Arbitrary<CompanyPlan> = fc.record({
  parts: fc.array(part, { minLength: 1, maxLength: 3, size: "max" }),
  isLastDeleted: fc.boolean(),
  byHand: fc.uniqueArray(fc.constantFrom(...NAMES, "Crew", "Everyone"), { maxLength: 2, selector: fold }),
  manual: fc.array(fc.tuple(nth, nth), { maxLength: 2 }),
  enrolling: fc.array(nth, { maxLength: 1 }),
  completed: fc.array(nth, { maxLength: 6, size: "max" }),
  reenrol: fc.constantFrom<Reenrol[]>("always", "never", { afterDays: 3 }, { afterDays: 30 }),
  isEmptied: fc.boolean(),
  slips: fc.array(slip, { maxLength: 5, size: "max" }),
  isKept: rarely,
  areNamesLost: rarely,
  changes: fc.array(
    fc.record({ setting: nth, grouping: fc.option(grouping, { freq: 6 }), mappings: fc.option(mappings, { freq: 2 }) }),
    { minLength: 1, maxLength: 3, size: "max" },
  ),
});

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length];

async function listTargetGroups(companyId: string): Promise<string[]> {
  const sql = `SELECT t.id FROM target_groups t JOIN companies c ON c.company_key = t.company_key WHERE c.id = ? ORDER BY t.target_group_key`;
  const { results } = await env.DB.prepare(sql).bind(companyId).all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** Group settings as an admin gives them: an own target group that is needed and not drawn is `Everyone`. */
function toInput({ criteria, field, own, isUngrouped }: Grouping, targets: readonly string[]): GroupSettingsInput {
  const target = typeof own === "number" ? at(targets, own) : undefined;
  const name = typeof own === "string" ? own : criteria === "none" && target === undefined ? "Everyone" : undefined;
  const hasOwn = target !== undefined || name !== undefined;
  return {
    criteria,
    ...(criteria === "field" && { field }),
    ...(target !== undefined && { targetGroupId: target }),
    ...(name !== undefined && { targetGroupName: name }),
    ...(hasOwn && { targetGroupScope: isUngrouped && criteria !== "none" ? "ungrouped" : "everyone" }),
  };
}

/** A company that was made, with its settings that are not deleted. */
export class RandomCompany {
  readonly companyId: string;
  readonly settings: readonly string[];

  constructor(companyId: string, settings: readonly string[]) {
    this.companyId = companyId;
    this.settings = settings;
  }

  /** The id of the setting that a change is about. */
  idOf({ setting }: Pick<Change, "setting">): string {
    return at(this.settings, setting) ?? "";
  }

  /** The company once a setting is deleted. */
  without(change: Pick<Change, "setting">): RandomCompany {
    const id = this.idOf(change);
    return new RandomCompany(
      this.companyId,
      this.settings.filter((other) => other !== id),
    );
  }

  /** Calls the management API for the setting that a change is about; anything but success is an error. */
  async call(change: Pick<Change, "setting">, method: string, below: string, body?: unknown) {
    return this.ask(method, `/scim-settings/${this.idOf(change)}${below}`, body);
  }

  /** The same below the company. */
  async ask(method: string, below: string, body?: unknown) {
    const path = `/companies/${this.companyId}${below}`;
    const answer = await operate(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  /** A change as the body of a preview or a PATCH. */
  async bodyOf({ grouping, mappings }: Change) {
    return {
      ...(grouping !== null && { groupSettings: toInput(grouping, await listTargetGroups(this.companyId)) }),
      ...(mappings !== null && { fieldMappings: mappings }),
      holds: "leave",
    };
  }
}

/** Makes a company as it was drawn. */
export async function makeCompany(plan: CompanyPlan): Promise<RandomCompany> {
  const companyId = await insertCompany();
  const writer = newWriter(companyId);
  for (const name of plan.byHand) await send(writer, { kind: "createTargetGroup", name });
  const settings: string[] = [];
  for (const part of plan.parts) settings.push(await addSetting(writer, companyId, part));
  const made = await Promise.all(plan.parts.map((part, index) => addPeople(writer, settings[index] ?? "", part)));
  const people = made.flat();
  // Of people in shadow nobody knows who could put them anywhere.
  const known = made.flatMap((some, index) => (plan.parts[index]?.isInShadow === true ? [] : some));
  await fillByHand(
    writer,
    companyId,
    known.map(({ id }) => id),
    plan,
  );
  for (const slip of plan.slips) await letSlip(writer, people, slip);
  if (plan.isKept) await keepAll(writer, companyId);
  const last = settings.at(-1);
  if (plan.isLastDeleted && settings.length > 1 && last !== undefined) {
    await send(writer, { kind: "deleteSetting", settingId: last, users: "keep", holds: "leave" });
    settings.pop();
  }
  await finishFollowUps(writer);
  if (plan.areNamesLost) {
    await age(companyId, TWINS);
    await finishFollowUps(newWriter(companyId));
  }
  return new RandomCompany(companyId, settings);
}

/** What two names become by the rule of folding of before: one of them loses its name to the other. */
const TWINS = { Ops: "Straße", Sales: "STRASSE" };

/** Somebody by the ids of the person and of the setting. */
interface Sent {
  id: string;
  settingId: string;
}

/** Somebody who was deleted before cannot slip again. */
async function letSlip(writer: CompanyWriter, people: readonly Sent[], { person, what, value }: Slip): Promise<void> {
  const sent = at(people, person);
  if (sent === undefined) return;
  const { id, settingId } = sent;
  const client = new Client(writer, settingId);
  if (what === "deleted") await client.deleteUser(id);
  if (what === "inactive") await client.patchUser(id, { op: "replace", path: "active", value: false });
  if (what === "value") await client.patchUser(id, { op: "replace", value: everywhere(value) });
  if (what === "groups") {
    const path = `members[value eq "${id}"]`;
    for (const group of await listGroups(settingId)) await client.patchGroup(group, { op: "remove", path });
  }
}

function everywhere(value: string | null) {
  const enterprise = { department: value, costCenter: value };
  return { title: value, nickName: value, userType: value, name: { familyName: value }, [ENTERPRISE]: enterprise };
}

async function listGroups(settingId: string): Promise<string[]> {
  const sql = "SELECT g.id FROM groups g JOIN scim_settings s USING (setting_key) WHERE s.id = ? ORDER BY g.group_key";
  return (await env.DB.prepare(sql).bind(settingId).all<{ id: string }>()).results.map(({ id }) => id);
}

async function keepAll(writer: CompanyWriter, companyId: string): Promise<void> {
  const sql =
    "SELECT h.id, h.version FROM holds h JOIN companies c USING (company_key) WHERE c.id = ? AND h.status = 'open'";
  const { results } = await env.DB.prepare(sql).bind(companyId).all<{ id: string; version: number }>();
  for (const { id: holdId, version } of results)
    await send(writer, { kind: "decideHold", decision: "keep", holdId, version });
  await finishFollowUps(writer);
}

async function send(writer: CompanyWriter, operation: Operation): Promise<void> {
  requireOutcome(await writer.write(requestOf(operation)));
}

/** A company with fields of its own, before anybody knows of it. */
async function insertCompany(): Promise<string> {
  const id = crypto.randomUUID();
  await env.DB.batch([
    env.DB.prepare("INSERT INTO companies (id, name, stored_form, created_at) VALUES (?, 'Random', ?, 0)").bind(
      id,
      PRESENT_FORM,
    ),
    ...FIELDS.map(({ key, label, type }) =>
      env.DB.prepare(
        `INSERT INTO custom_fields (company_key, field_key, label, type, created_at)
         SELECT company_key, ?, ?, ?, 0 FROM companies WHERE id = ?`,
      ).bind(key, label, type, id),
    ),
  ]);
  return id;
}

async function addSetting(writer: CompanyWriter, companyId: string, part: Part): Promise<string> {
  const { grouping, mappings, isInShadow, isBraked } = part;
  const id = crypto.randomUUID();
  await send(writer, {
    ...{ kind: "createSetting", id, name: `Directory ${id}`, provider: "other", fieldMappings: mappings },
    ...{ mode: isInShadow ? "shadow" : "live", ...(isBraked && { safeguards: STRICT }) },
    groupSettings: toInput(grouping, await listTargetGroups(companyId)),
    token: { id: id.replaceAll("-", ""), lastFour: "abcd", expiresAt: null },
  });
  return id;
}

const LIMIT = { people: 0, percent: 0 };
const STRICT: Safeguards = { leavers: LIMIT, emptied: LIMIT, moves: LIMIT, group: LIMIT };

/** Sends a setting's people, then its groups and who left; gives the people. */
async function addPeople(writer: CompanyWriter, settingId: string, { people, groups }: Part): Promise<Sent[]> {
  const client = new Client(writer, settingId);
  const ids = await Promise.all(
    people.map(async ({ isActive, hasLeft, mail, values }, index) => {
      const [title = null, nickName = null, userType = null, department = null, costCenter = null, familyName = null] =
        values;
      const result = await client.postUser(`${index}@${settingId.slice(0, 8)}`, undefined, {
        ...{ title, nickName, userType, active: isActive || hasLeft },
        emails: mail === null ? [] : [{ value: mail, type: "work" }],
        name: { familyName },
        [ENTERPRISE]: { department, costCenter },
      });
      return idOf(result);
    }),
  );
  const inactive = { op: "replace", path: "active", value: false };
  await Promise.all([
    ...groups.map(({ name, members }) => client.group(name, [...new Set(members.flatMap((n) => at(ids, n) ?? []))])),
    ...people.map(({ isActive, hasLeft }, n) => !isActive && hasLeft && client.patchUser(ids[n] ?? "", inactive)),
  ]);
  return ids.map((id) => ({ id, settingId }));
}

/** Reports of enrolments as completed, some days ago. */
async function complete(writer: CompanyWriter, companyId: string, places: readonly number[]): Promise<void> {
  const sql =
    "SELECT e.id FROM enrolments e JOIN companies c USING (company_key) WHERE c.id = ? ORDER BY e.enrolment_key";
  const { results } = await env.DB.prepare(sql).bind(companyId).all<{ id: string }>();
  const reports = places.flatMap((place) => {
    const enrolment = at(results, place);
    const completedAt = Date.now() - 5 * DAY;
    return enrolment === undefined
      ? []
      : [{ enrolmentId: enrolment.id, status: "completed" as const, score: null, completedAt }];
  });
  if (reports.length > 0) await send(writer, { kind: "reportProgress", reports });
}

async function fillByHand(
  writer: CompanyWriter,
  companyId: string,
  people: readonly string[],
  { manual, enrolling, completed, reenrol, isEmptied }: CompanyPlan,
): Promise<void> {
  if (manual.length + enrolling.length === 0) return;
  const groups = await listTargetGroups(companyId);
  for (const [group, person] of manual) {
    const [targetGroupId, userId] = [at(groups, group), at(people, person)];
    if (targetGroupId !== undefined && userId !== undefined)
      await send(writer, { kind: "addManualMember", targetGroupId, userId });
  }
  const items = [{ kind: "training" as const, id: "course", name: "Basics", reenrol }];
  for (const group of enrolling) {
    const targetGroupId = at(groups, group);
    if (targetGroupId === undefined) continue;
    await send(writer, { kind: "setAutoEnrolments", targetGroupId, items });
    await finishFollowUps(writer);
    await complete(writer, companyId, completed);
    // Whom nothing enrols any more is back by the changes that follow, where these put them into such a group.
    if (isEmptied) await send(writer, { kind: "setAutoEnrolments", targetGroupId, items: [] });
    const other = at(groups, group + 1);
    if (isEmptied && other !== undefined)
      await send(writer, { kind: "setAutoEnrolments", targetGroupId: other, items });
    await finishFollowUps(writer);
  }
}
