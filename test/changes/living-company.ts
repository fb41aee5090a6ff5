import { env } from "cloudflare:workers";
import type { JsonObject } from "../../src/scim/json.ts";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import type { Operation, Outcome, WriteResult } from "../../src/writer/operation.ts";
import { addSetting, type Bench, Client, finishFollowUps, newBench, requestOf } from "../writer/bench.ts";
import { BEGINNING, ENTERPRISE, type History, type MadeUser, SITE, type Step } from "./any-history.ts";

const DAY = 24 * 3_600_000;

/** A user or an IdP group, by the setting that it came through. */
interface Resource {
  id: string;
  settingId: string;
}

/** Makes a company and has it live a history, all work done in the end; `look` may look on between the bursts. Gives its id. */
export async function playHistory(history: History, look: (companyId: string) => Promise<void>): Promise<string> {
  const bench = await newBench({ criteria: "none", targetGroupName: "All" });
  const company = new LivingCompany(bench);
  await company.begin(history.settings);
  for (const burst of [...BEGINNING.map((step) => [step]), ...history.bursts]) {
    await Promise.all(burst.map((step) => company.take(step)));
    await look(bench.companyId);
  }
  await finishFollowUps(bench.writer);
  return bench.companyId;
}

/** A company that changes through its writer, and remembers what there is to change. */
class LivingCompany {
  readonly #bench: Bench;
  /** Those that are not deleted. */
  readonly #settings: string[] = [];
  readonly #users: Resource[] = [];
  readonly #groups: Resource[] = [];

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  /** Makes the company's own field, and its settings beside the one that every bench has. */
  async begin(settings: readonly GroupSettingsInput[]): Promise<void> {
    await this.#ask({ kind: "createField", field: SITE });
    for (const groupSettings of settings) await this.#addSetting(groupSettings);
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case "addUser":
      case "patchUser":
      case "deleteUser":
      case "bulk":
        return this.#changeUsers(step);
      case "addGroup":
      case "setMember":
      case "putGroup":
      case "deleteGroup":
        return this.#changeGroups(step);
      case "addSetting":
      case "regroup":
      case "remap":
      case "deleteSetting":
        return this.#changeSettings(step);
      case "addTargetGroup":
      case "setManualMember":
      case "setAutoEnrolments":
        return this.#changeTargets(step);
      case "editByHand":
      case "removeByHand":
        return this.#changeByHand(step);
      case "setField":
        await this.#ask(step.isThere ? { kind: "createField", field: SITE } : { kind: "deleteField", key: SITE.key });
        return;
      case "report":
        return this.#report(step);
      case "setOverdue":
        await this.#bench.writer.setOverdue();
        return;
      case "followUp":
        await this.#bench.writer.followUp();
    }
  }

  async #ask(operation: Operation): Promise<Outcome | null> {
    return judge(await this.#bench.writer.write(requestOf(operation)));
  }

  #client(settingId: string): Client {
    return new Client(this.#bench.writer, settingId);
  }

  /** Those that a live setting manages. */
  #managed(resources: readonly Resource[]): Resource[] {
    return resources.filter(({ settingId }) => this.#settings.includes(settingId));
  }

  async #changeUsers(step: Step & { kind: "addUser" | "patchUser" | "deleteUser" | "bulk" }): Promise<void> {
    const settingId = pick(this.#settings, step.nth) ?? "";
    if (step.kind === "bulk") return this.#askBulk(settingId, step.parts);
    if (step.kind === "addUser") {
      const { userName, department, more } = resourceOf(step.user);
      const outcome = judge(await this.#client(settingId).postUser(userName, department ?? undefined, more));
      if (outcome?.kind === "user") this.#users.push({ id: outcome.user.id, settingId });
      return;
    }
    const user = pick(this.#managed(this.#users), step.nth);
    if (user === undefined) return;
    const client = this.#client(user.settingId);
    if (step.kind === "patchUser") judge(await client.patchUser(user.id, ...step.changes));
    else {
      forget(this.#users, user.id);
      judge(await client.deleteUser(user.id));
    }
  }

  async #askBulk(settingId: string, parts: (Step & { kind: "bulk" })["parts"]): Promise<void> {
    const own = this.#users.filter((user) => user.settingId === settingId);
    const items = parts.map((part, index): JsonObject => {
      if ("userName" in part) {
        const { userName, department, more } = resourceOf(part);
        const data = { userName, ...more, [ENTERPRISE]: { department } };
        return { method: "POST", path: "/Users", bulkId: String(index), data };
      }
      const path = `/Users/${pick(own, part.nth)?.id ?? "nobody"}`;
      if (!("change" in part)) return { method: "DELETE", path };
      return { method: "PATCH", path, data: { Operations: [part.change] } };
    });
    const outcome = judge(await this.#client(settingId).send({ kind: "bulk", settingId, items }));
    for (const { method, status, id = "" } of outcome?.kind === "bulk" ? outcome.items : [])
      if (method === "POST" && status === 201) this.#users.push({ id, settingId });
      else if (method === "DELETE" && status === 204) forget(this.#users, id);
  }

  #membersOf(settingId: string, places: readonly number[]): string[] {
    const own = this.#users.filter((user) => user.settingId === settingId);
    return places.flatMap((place) => pick(own, place)?.id ?? []);
  }

  async #changeGroups(step: Step & { kind: "addGroup" | "setMember" | "putGroup" | "deleteGroup" }): Promise<void> {
    if (step.kind === "addGroup") {
      const settingId = pick(this.#settings, step.nth) ?? "";
      const members = this.#membersOf(settingId, step.members);
      const outcome = judge(await this.#client(settingId).postGroup(step.name, members));
      if (outcome?.kind === "group") this.#groups.push({ id: outcome.group.id, settingId });
      return;
    }
    const group = pick(this.#managed(this.#groups), step.nth);
    if (group === undefined) return;
    const client = this.#client(group.settingId);
    if (step.kind === "deleteGroup") {
      forget(this.#groups, group.id);
      judge(await client.deleteGroup(group.id));
    } else if (step.kind === "putGroup") {
      const members = step.members === null ? undefined : this.#membersOf(group.settingId, step.members);
      judge(await client.putGroup(group.id, step.name, members));
    } else
      for (const value of this.#membersOf(group.settingId, [step.member]))
        judge(
          await client.patchGroup(
            group.id,
            step.isIn
              ? { op: "add", path: "members", value: [{ value }] }
              : { op: "remove", path: `members[value eq "${value}"]` },
          ),
        );
  }

  async #addSetting(groupSettings: GroupSettingsInput): Promise<void> {
    const settingId = await addSetting(this.#bench.writer, { criteria: "none", targetGroupName: "All" });
    this.#settings.push(settingId);
    await this.#ask({ kind: "updateSetting", settingId, groupSettings });
  }

  async #changeSettings(step: Step & { kind: "addSetting" | "regroup" | "remap" | "deleteSetting" }): Promise<void> {
    if (step.kind === "addSetting") return this.#addSetting(step.groupSettings);
    const settingId = pick(this.#settings, step.nth) ?? "";
    if (step.kind !== "deleteSetting") {
      const { kind: _kind, nth: _nth, ...settings } = step;
      await this.#ask({ kind: "updateSetting", settingId, ...settings });
    } else if (this.#settings.length > 1) {
      this.#settings.splice(this.#settings.indexOf(settingId), 1);
      await this.#ask({ kind: "deleteSetting", settingId, users: step.users });
    }
  }

  /** Mostly of people whom a deleted setting left, and refused for others. */
  async #changeByHand(step: Step & { kind: "editByHand" | "removeByHand" }): Promise<void> {
    const left = this.#users.filter(({ settingId }) => !this.#settings.includes(settingId));
    const userId = pick(left.length > 0 ? left : this.#users, step.nth)?.id ?? "";
    if (step.kind === "removeByHand") await this.#ask({ kind: "removeTargetUser", userId });
    else {
      const { status, fields } = step;
      await this.#ask({ kind: "editTargetUser", userId, fields, ...(status === null ? {} : { status }) });
    }
  }

  /** Of any enrolment that there is or was. */
  async #report({ reports }: Step & { kind: "report" }): Promise<void> {
    const sql =
      "SELECT e.id FROM enrolments e JOIN companies c USING (company_key) WHERE c.id = ? ORDER BY e.enrolment_key";
    const { results } = await env.DB.prepare(sql).bind(this.#bench.companyId).all<{ id: string }>();
    const made = reports.map(({ nth, status, score, completed, due }) => ({
      ...{ enrolmentId: pick(results, nth)?.id ?? "none", status, score },
      ...(status === "completed" && { completedAt: Date.now() - completed * DAY }),
      ...(due !== null && { dueAt: Date.now() + due * DAY }),
    }));
    await this.#ask({ kind: "reportProgress", reports: made });
  }

  async #changeTargets(
    step: Step & { kind: "addTargetGroup" | "setManualMember" | "setAutoEnrolments" },
  ): Promise<void> {
    if (step.kind === "addTargetGroup") {
      await this.#ask({ kind: "createTargetGroup", name: step.name });
      return;
    }
    const sql =
      "SELECT g.id FROM target_groups g JOIN companies c USING (company_key) WHERE c.id = ? ORDER BY g.name_key";
    const { results } = await env.DB.prepare(sql).bind(this.#bench.companyId).all<{ id: string }>();
    const targetGroupId = pick(results, step.nth)?.id ?? "";
    if (step.kind === "setAutoEnrolments") await this.#ask({ kind: step.kind, targetGroupId, items: step.items });
    else {
      const userId = pick(this.#users, step.member)?.id ?? "";
      await this.#ask({ kind: step.isIn ? "addManualMember" : "removeManualMember", targetGroupId, userId });
    }
  }
}

function resourceOf({ userName, mail, department, ...rest }: MadeUser) {
  const emails = mail === null ? [] : [{ value: mail, type: "work" }];
  const given = Object.entries(rest).filter(([, value]) => value !== null);
  return { userName, department, more: { ...Object.fromEntries(given), emails } as JsonObject }; // texts and a boolean
}

function pick<T>(list: readonly T[], place: number): T | undefined {
  return list[place % list.length];
}

function forget(resources: Resource[], id: string): void {
  const place = resources.findIndex((resource) => resource.id === id);
  if (place >= 0) resources.splice(place, 1);
}

/** A refusal is an answer like others; a bug is not. */
function judge(result: WriteResult): Outcome | null {
  if (!result.ok && result.status >= 500) throw new Error(`${result.status} ${result.detail}`);
  return result.ok ? result.outcome : null;
}
