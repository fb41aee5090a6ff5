import { env } from "cloudflare:workers";
import { DAY } from "../../src/platform/clock.ts";
import { PRESENT_FORM } from "../../src/platform/stored-row-forms.ts";
import type { Safeguards } from "../../src/settings/safeguards.ts";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import type { Operation } from "../../src/writer/operation.ts";
import { operate } from "../scim-api/scim-client.ts";
import { Client, finishFollowUps, idOf, newWriter, requestOf, requireOutcome } from "../writer/bench.ts";
import { age } from "../writer/old-company.ts";
import { type Change, type CompanyPlan, ENTERPRISE, type Grouping, type Part, type Slip } from "./any-company.ts";

/** The company's own fields, by the types whose values can name groups. */
const FIELDS = [
  { key: "site", label: "Site", type: "text" },
  { key: "level", label: "Level", type: "number" },
  { key: "remote", label: "Remote", type: "boolean" },
];

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
