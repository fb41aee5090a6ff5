import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import type { WriteRequest } from "../../src/writer/operation.ts";
import {
  addSetting,
  type Bench,
  Client,
  finishFollowUps,
  NO_BRAKE,
  newBench,
  requestOf,
  requireOutcome,
  targetMembers,
} from "./bench.ts";
import { RenameModel } from "./rename-model.ts";
import { changeSetting, DEPARTMENT, RENAMES } from "./renames.ts";
import { autoEnrolments, enrolIn, feedHead, feedSince, setByHand, targetGroupId } from "./target-side.ts";

/** One thing that happens to a company; what a kind has no use for it leaves aside. */
export interface Step {
  kind:
    | ("rename" | "member" | "manual" | "items" | "status" | "department")
    | ("group" | "noGroup" | "noUser" | "setting" | "hand");
  who: number;
  group: number;
  name: string;
  isOn: boolean;
  way: number;
  setting: SettingPlan;
}

/** The group settings of a setting. */
export interface SettingPlan {
  criteria: "idp" | "field" | "none";
  own: string | null;
  isUngrouped: boolean;
}

/** Without a target group of its own a setting must group by something. */
export function isAllowed({ criteria, own }: SettingPlan): boolean {
  return criteria !== "none" || own !== null;
}

function toGroupSettings({ criteria, own, isUngrouped }: SettingPlan): GroupSettingsInput {
  return {
    criteria,
    ...(criteria === "field" ? { field: "department" } : {}),
    ...(own === null ? {} : { targetGroupName: own }),
    targetGroupScope: isUngrouped ? "ungrouped" : "everyone",
  };
}

/** A company beside its model: what is asked of the one is told to the other. */
export class RenameHistory {
  readonly bench: Bench;
  readonly model = new RenameModel();
  readonly clients: { settingId: string; client: Client }[] = [];
  /** Requests that renamed, with who was enrolled in what right after, by the model. */
  readonly renames = new Map<string, Set<string>>();
  #latest = "";
  #head = 0;

  private constructor(bench: Bench) {
    this.bench = bench;
  }

  static async begin(plans: readonly SettingPlan[]): Promise<RenameHistory> {
    const [first, ...others] = plans;
    if (first === undefined) throw new Error("no setting");
    const bench = await newBench(toGroupSettings(first), NO_BRAKE);
    const history = new RenameHistory(bench);
    const ids = [bench.settingId];
    for (const plan of others) ids.push(await addSetting(bench.writer, toGroupSettings(plan), NO_BRAKE));
    const write = (request: WriteRequest) => {
      history.#latest = request.cause.requestId;
      return bench.writer.write(request);
    };
    // As much of a writer as a client uses.
    for (const settingId of ids)
      history.clients.push({ settingId, client: new Client({ write } as CompanyWriter, settingId) });
    for (const plan of plans) history.model.addSetting(plan.criteria, plan.own, plan.isUngrouped);
    // The second person has a user in two settings.
    for (const [setting, name] of [...ids.keys()].flatMap((index) => [
      [index, `user${index}`] as const,
      [index, "both"] as const,
    ]))
      await history.#addUser(setting, name);
    // Each setting begins with two groups, whose target groups the settings share.
    for (const setting of ids.keys())
      for (const name of ["Eng", "Ops"]) await history.#addGroup(setting, name, name === "Eng");
    return history;
  }

  async #addUser(setting: number, name: string): Promise<void> {
    const userName = name === "both" ? `both${setting}` : name;
    const person = `${name}@example.com`;
    const emails = [{ value: person, type: "work" }];
    const id = await this.#client(setting).client.user(userName, "Ops", { emails });
    this.model.addUser(id, { name: userName, person, setting, isActive: true, department: "Ops" });
  }

  async #addGroup(setting: number, name: string, isFull: boolean): Promise<void> {
    const members = [...this.model.users].flatMap(([id, user]) => (user.setting === setting && isFull ? [id] : []));
    const id = await this.#client(setting).client.group(name, members);
    this.model.addGroup(id, setting, name);
    for (const member of members) this.model.groups.get(id)?.members.add(member);
  }

  #client(setting: number): { settingId: string; client: Client } {
    const found = this.clients[setting];
    if (found === undefined) throw new Error(`no setting ${setting}`);
    return found;
  }

  /** Does a step in the model and asks the product for the same. */
  async do(plan: Step): Promise<void> {
    const { model } = this;
    const [userId, user] = [...model.users][plan.who % Math.max(1, model.users.size)] ?? [];
    const [groupId, group] = [...model.groups][plan.group % Math.max(1, model.groups.size)] ?? [];
    const setting = plan.who % this.clients.length;
    if (plan.kind === "setting") return this.#changeSetting(plan, setting);
    if (plan.kind === "hand") return this.#makeByHand(plan);
    if (plan.kind === "items") return this.#setItems(plan);
    if (plan.kind === "group") {
      if (!model.isNameTaken(setting, plan.name, "")) await this.#addGroup(setting, plan.name, plan.isOn);
      return;
    }
    if (groupId !== undefined && group !== undefined)
      switch (plan.kind) {
        case "rename":
          return this.#rename(plan, groupId);
        case "member":
          return this.#setMember(plan, groupId);
        case "noGroup":
          model.removeGroup(groupId);
          requireOutcome(await this.#client(group.setting).client.deleteGroup(groupId));
          return;
      }
    if (userId !== undefined && user !== undefined) await this.#changeUser(plan, userId, user.setting);
  }

  async #changeUser({ kind, name, isOn }: Step, userId: string, setting: number): Promise<void> {
    const { bench, model } = this;
    const { client } = this.#client(setting);
    const replace = (path: string, value: string | boolean) => client.patchUser(userId, { op: "replace", path, value });
    if (kind === "status") {
      model.changeUser(userId, { isActive: isOn });
      requireOutcome(await replace("active", isOn));
    } else if (kind === "department") {
      model.changeUser(userId, { department: name });
      requireOutcome(await replace(DEPARTMENT, name));
    } else if (kind === "noUser") {
      model.removeUser(userId);
      requireOutcome(await client.deleteUser(userId));
    } else if (kind === "manual") {
      const target = model.targetOf(name)?.name;
      if (target === undefined) return;
      await this.#awaitTarget(target);
      model.setManual(target, userId, isOn);
      await setByHand(bench, target, [userId], isOn);
    }
  }

  async #setMember({ who, isOn }: Step, groupId: string): Promise<void> {
    const { setting = 0, members = new Set() } = this.model.groups.get(groupId) ?? {};
    const users = [...this.model.users].filter(([, user]) => user.setting === setting);
    const [value] = users[who % Math.max(1, users.length)] ?? [];
    if (value === undefined) return;
    if (isOn) members.add(value);
    else members.delete(value);
    const operation = isOn
      ? { op: "add", path: "members", value: [{ value }] }
      : { op: "remove", path: `members[value eq "${value}"]` };
    requireOutcome(await this.#client(setting).client.patchGroup(groupId, operation));
  }

  async #rename({ name, way }: Step, groupId: string): Promise<void> {
    const { setting = 0 } = this.model.groups.get(groupId) ?? {};
    const { client, settingId } = this.#client(setting);
    const [title, rename] = RENAMES[way] ?? [];
    if (rename === undefined || title === undefined) return;
    if (this.model.isNameTaken(setting, name, groupId)) {
      // Bulk answers for its part; the other ways are refused as a whole.
      if (!title.includes("Bulk"))
        expect(await rename(client, settingId, groupId, name)).toMatchObject({ ok: false, status: 409 });
      return;
    }
    this.model.rename(groupId, name);
    const enrolled = this.model.enrolled();
    const asked = rename(client, settingId, groupId, name);
    this.renames.set(this.#latest, enrolled);
    requireOutcome(await asked);
  }

  /** A change of grouping makes its mirrors in steps: what is asked of one may come before them. */
  async #awaitTarget(name: string): Promise<void> {
    if ((await targetGroupId(this.bench, name)) === "") await finishFollowUps(this.bench.writer);
  }

  async #setItems({ name, group }: Step): Promise<void> {
    const target = this.model.targetOf(name)?.name;
    if (target === undefined) return;
    const items = ["first", "second"].slice(0, group % 3);
    await this.#awaitTarget(target);
    this.model.setItems(target, items);
    const list = items.map((id) => ({ kind: "training" as const, id, name: id }));
    await enrolIn(this.bench, target, list);
  }

  async #makeByHand({ name }: Step): Promise<void> {
    if (this.model.targetOf(name) !== undefined) return;
    this.model.makeByHand(name);
    requireOutcome(await this.bench.writer.write(requestOf({ kind: "createTargetGroup", name })));
  }

  async #changeSetting({ setting: plan }: Step, index: number): Promise<void> {
    if (!isAllowed(plan)) return;
    this.model.changeSetting(index, plan.criteria, plan.own, plan.isUngrouped);
    await changeSetting(this.bench, this.#client(index).settingId, toGroupSettings(plan));
  }

  /** Compares all of the target side with the model, and what renames withdrew with whom they left enrolled. */
  async check(): Promise<void> {
    const { bench, model } = this;
    await finishFollowUps(bench.writer);
    expect(await targetMembers(bench.companyId)).toEqual(model.members());
    expect(await autoEnrolments(bench)).toEqual(model.items());
    const { results } = await env.DB.prepare(
      `SELECT person_key || ' ' || item_id AS line FROM enrolments WHERE status = 'active'
       AND company_key = (SELECT company_key FROM companies WHERE id = ?) ORDER BY 1`,
    )
      .bind(bench.companyId)
      .all<{ line: string }>();
    expect(results.map(({ line }) => line)).toEqual([...model.enrolled()].sort());
    const head = await feedHead(bench);
    const persons = new Map([...model.users].map(([id, { person }]) => [id, person]));
    for (const { type, userId, data, requestId } of await feedSince(bench, this.#head)) {
      const enrolled = this.renames.get(requestId);
      if (type !== "enrolment.withdrawn" || enrolled === undefined) continue;
      expect(enrolled.has(`${persons.get(userId ?? "")} ${data.itemId}`), `${data.itemId} withdrawn by a rename`).toBe(
        false,
      );
    }
    this.#head = head;
  }
}
