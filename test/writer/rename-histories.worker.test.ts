import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import type { WriteRequest } from "../../src/writer/operation.ts";
import type { WriteQueue } from "../../src/writer/write-queue.ts";
import { addSetting, type Bench, Client, newBench, requestOf, requireOutcome, settle, targetMembers } from "./bench.ts";
import { RenameModel } from "./rename-model.ts";
import { RENAMES } from "./renames.ts";
import { autoEnrolments, enrolIn, feedHead, feedSince, targetGroupId } from "./target-side.ts";

const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const NAMES = ["Eng", "eng", " ENG ", "Ops", "ops", "Crew", "All"];
/** How often each kind of step comes. */
const WEIGHTS = {
  ...{ rename: 6, member: 3, manual: 3, items: 3, status: 2, department: 4 },
  ...{ group: 2, noGroup: 1, noUser: 1, setting: 1, hand: 1 },
};
type Kind = keyof typeof WEIGHTS;

interface Step {
  kind: Kind;
  who: number;
  group: number;
  name: string;
  isOn: boolean;
  way: number;
  setting: SettingPlan;
}

interface SettingPlan {
  criteria: "idp" | "field" | "none";
  own: string | null;
  isUngrouped: boolean;
}

const settingPlan: fc.Arbitrary<SettingPlan> = fc.record({
  criteria: fc.constantFrom("idp", "idp", "field", "field", "none"),
  own: fc.constantFrom(null, null, "Eng", "All"),
  isUngrouped: fc.boolean(),
});

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    ...Object.entries(WEIGHTS).map(([kind, weight]) => ({ weight, arbitrary: fc.constant(kind as Kind) })), // its own keys
  ),
  who: fc.nat(5),
  group: fc.nat(5),
  name: fc.constantFrom(...NAMES),
  isOn: fc.boolean(),
  way: fc.nat({ max: RENAMES.length - 1 }),
  setting: settingPlan,
});

/** Without a target group of its own a setting must group by something. */
function isAllowed({ criteria, own }: SettingPlan): boolean {
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
class History {
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

  static async begin(plans: readonly SettingPlan[]): Promise<History> {
    const [first, ...others] = plans;
    if (first === undefined) throw new Error("no setting");
    const bench = await newBench(toGroupSettings(first));
    const history = new History(bench);
    const ids = [bench.settingId];
    for (const plan of others) ids.push(await addSetting(bench.queue, toGroupSettings(plan)));
    const write = (request: WriteRequest) => {
      history.#latest = request.cause.requestId;
      return bench.queue.write(request);
    };
    // As much of a queue as a client uses.
    for (const settingId of ids)
      history.clients.push({ settingId, client: new Client({ write } as WriteQueue, settingId) });
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

  /** Does one step in the model and asks the product for the same; several may be under way at a time. */
  do(plan: Step): Promise<unknown> {
    const [userId, user] = [...this.model.users][plan.who % Math.max(1, this.model.users.size)] ?? [];
    const [groupId, group] = [...this.model.groups][plan.group % Math.max(1, this.model.groups.size)] ?? [];
    if (plan.kind === "rename" && groupId !== undefined && group !== undefined) return this.#rename(plan, groupId);
    if (plan.kind === "member" && groupId !== undefined && group !== undefined) {
      const members = [...this.model.users].filter(([, { setting }]) => setting === group.setting);
      const [memberId] = members[plan.who % Math.max(1, members.length)] ?? [];
      if (memberId === undefined) return Promise.resolve();
      if (plan.isOn) group.members.add(memberId);
      else group.members.delete(memberId);
      const operation = plan.isOn
        ? { op: "add", path: "members", value: [{ value: memberId }] }
        : { op: "remove", path: `members[value eq "${memberId}"]` };
      return this.#client(group.setting).client.patchGroup(groupId, operation).then(requireOutcome);
    }
    if (userId === undefined || user === undefined) return Promise.resolve();
    const { client } = this.#client(user.setting);
    switch (plan.kind) {
      case "status":
        this.model.changeUser(userId, { isActive: plan.isOn });
        return client.patchUser(userId, { op: "replace", path: "active", value: plan.isOn }).then(requireOutcome);
      case "department":
        this.model.changeUser(userId, { department: plan.name });
        return client.patchUser(userId, { op: "replace", path: DEPARTMENT, value: plan.name }).then(requireOutcome);
      default:
        return Promise.resolve();
    }
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

  /** Does a step that nothing else goes on beside. */
  async doAlone(plan: Step): Promise<void> {
    const { bench, model } = this;
    const [userId] = [...model.users][plan.who % Math.max(1, model.users.size)] ?? [];
    const [groupId, group] = [...model.groups][plan.group % Math.max(1, model.groups.size)] ?? [];
    const setting = plan.who % this.clients.length;
    const { settingId } = this.#client(setting);
    const target = model.targetOf(plan.name);
    switch (plan.kind) {
      case "group":
        if (!model.isNameTaken(setting, plan.name, "")) await this.#addGroup(setting, plan.name, plan.isOn);
        return;
      case "noGroup":
        if (groupId === undefined || group === undefined) return;
        model.removeGroup(groupId);
        requireOutcome(await this.#client(group.setting).client.deleteGroup(groupId));
        return;
      case "noUser": {
        const user = model.users.get(userId ?? "");
        if (userId === undefined || user === undefined) return;
        model.removeUser(userId);
        requireOutcome(await this.#client(user.setting).client.deleteUser(userId));
        return;
      }
      case "manual":
      case "items": {
        if (target === undefined || userId === undefined) return;
        const targetId = await targetGroupId(bench, target.name);
        if (plan.kind === "items") {
          const items = ["first", "second"].slice(0, plan.group % 3);
          const { name } = target;
          model.setItems(name, items);
          await enrolIn(
            bench,
            name,
            items.map((id) => ({ kind: "training", id, name: id })),
          );
          return;
        }
        model.setManual(target.name, userId, plan.isOn);
        const kind = plan.isOn ? "addManualMember" : "removeManualMember";
        requireOutcome(await bench.queue.write(requestOf({ kind, targetGroupId: targetId, userId })));
        return;
      }
      case "hand":
        if (target !== undefined) return;
        model.makeByHand(plan.name);
        requireOutcome(await bench.queue.write(requestOf({ kind: "createTargetGroup", name: plan.name })));
        return;
      case "setting": {
        if (!isAllowed(plan.setting)) return;
        const { criteria, own, isUngrouped } = plan.setting;
        model.changeSetting(setting, criteria, own, isUngrouped);
        const groupSettings = toGroupSettings(plan.setting);
        requireOutcome(await bench.queue.write(requestOf({ kind: "updateSetting", settingId, groupSettings })));
        return;
      }
      default:
        await this.do(plan);
    }
  }

  /** Compares all of the target side with the model, and what renames withdrew with whom they left enrolled. */
  async check(): Promise<void> {
    const { bench, model } = this;
    await settle(bench.queue);
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

const AT_ONCE = new Set<Step["kind"]>(["rename", "member", "status", "department"]);

describe("any history of renames over settings that share target groups", { timeout: 120_000 }, () => {
  it("comes to what the rules say, and withdraws nothing that the new target group has", async () => {
    const plans = fc.array(settingPlan.filter(isAllowed), { minLength: 3, maxLength: 3 });
    const bursts = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 4, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(plans, bursts, async (settings, all) => {
        const history = await History.begin(settings);
        for (const burst of all) {
          if (burst.every(({ kind }) => AT_ONCE.has(kind))) await Promise.all(burst.map((each) => history.do(each)));
          else for (const each of burst) await history.doAlone(each);
          await history.check();
        }
      }),
      { numRuns: 12 },
    );
  });
});
