import { env } from "cloudflare:workers";
import fc from "fast-check";
import type { JsonObject } from "../../src/scim/json.ts";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import type { Operation, Outcome, WriteResult } from "../../src/writer/operation.ts";
import { addSetting, type Bench, Client, newBench, requestOf, settle } from "../writer/bench.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const SITE = { key: "site", label: "Site", type: "text" } as const;
/** The mappings that a setting may come to have; the last one needs the company's own field. */
const MAPPINGS = [
  [],
  [{ field: "email", path: "userName" }],
  [{ field: "department", path: "title" }],
  [{ field: "site", path: "title" }],
];
const NAMES = ["Sales", "Legal", "Crew"];

const nth = fc.nat(7);
const name = fc.constantFrom(...NAMES);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3 });

const groupSettings: fc.Arbitrary<GroupSettingsInput> = fc.oneof(
  fc.record({
    criteria: fc.constantFrom("field" as const, "field" as const, "idp" as const, "none" as const),
    field: fc.constantFrom("department", "site"),
    targetGroupName: fc.constantFrom("All", "Sales"),
    targetGroupScope: fc.constantFrom("everyone" as const, "ungrouped" as const),
  }),
  fc.record({ criteria: fc.constant("idp" as const) }),
  fc.record({ criteria: fc.constant("field" as const), field: fc.constant("department") }),
);

const items = fc.uniqueArray(
  fc.record({
    kind: fc.constantFrom("training" as const, "phishing" as const),
    id: fc.constant("one"),
    name: fc.constantFrom("First", "Second"),
  }),
  { maxLength: 2, size: "max", selector: ({ kind }) => kind },
);

/** What can be changed of a user, as one operation of a PATCH. */
const change = fc.oneof(
  fc.record({
    op: fc.constant("replace"),
    path: fc.constant('emails[type eq "work"].value'),
    value: mailOf(),
  }),
  fc.record({
    op: fc.constant("replace"),
    path: fc.constantFrom(`${ENTERPRISE}:department`, "title", "externalId", "displayName", "nickName"),
    value: name,
  }),
  fc.constant({ op: "remove", path: `${ENTERPRISE}:department` }),
  fc.record({ op: fc.constant("replace"), path: fc.constant("active"), value: fc.boolean() }),
  fc.record({ op: fc.constant("replace"), path: fc.constant("userName"), value: mailOf() }),
);

function mailOf(): fc.Arbitrary<string> {
  return fc.constantFrom("a@example.com", "B@example.com", "b@example.com", "c@example.com");
}

const user = fc.record({
  userName: fc.oneof({ weight: 1, arbitrary: mailOf() }, { weight: 5, arbitrary: fc.nat(99).map(String) }),
  mail: maybe(mailOf()),
  department: maybe(name),
  title: maybe(name),
  active: fc.constantFrom(true, true, true, false),
  externalId: maybe(name),
});

/** One step of a history; people, groups and settings are named by their place among those there are. */
const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant("user" as const), setting: nth, user }) },
  {
    weight: 16,
    arbitrary: fc.record({
      kind: fc.constant("change" as const),
      nth,
      changes: fc.array(change, { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("remove" as const), nth }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("bulk" as const),
      setting: nth,
      changes: fc.array(fc.record({ nth, change }), { minLength: 2, maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("group" as const),
      setting: nth,
      name,
      members: fc.array(nth, { maxLength: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("join" as const), nth, member: nth, isIn: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("rename" as const),
      nth,
      name,
      members: maybe(fc.array(nth, { maxLength: 4 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop" as const), nth }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("regroup" as const), nth, groupSettings }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("remap" as const), nth, mapping: fc.nat(MAPPINGS.length - 1) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("setting" as const), groupSettings }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("end" as const),
      nth,
      users: fc.constantFrom("keep" as const, "remove" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("target" as const), name }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("manual" as const), nth, member: nth, isIn: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("enrol" as const), nth, items }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("field" as const), isThere: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("work" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** How a company begins, and bursts of steps of which each is asked for before the one before it is answered. */
export interface History {
  begin: GroupSettingsInput;
  beside: GroupSettingsInput;
  bursts: Step[][];
}

/** Any history of a company of some settings whose people share e-mails. */
export const anyHistory: fc.Arbitrary<History> = fc.record({
  begin: groupSettings,
  beside: groupSettings,
  bursts: fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 5, maxLength: 40, size: "max" }),
});

interface Resource {
  id: string;
  settingId: string;
}

/** A company that lives a history through its writer. */
export class LivingCompany {
  readonly bench: Bench;
  /** Those that are not deleted. */
  readonly #settings: string[];
  readonly #users: Resource[] = [];
  readonly #groups: Resource[] = [];

  private constructor(bench: Bench, settings: string[]) {
    this.bench = bench;
    this.#settings = settings;
  }

  /** Makes the company with two settings and a field of its own, and plays all of its history. */
  static async play({ begin, beside, bursts }: History): Promise<LivingCompany> {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const company = new LivingCompany(bench, [bench.settingId]);
    await company.#ask({ kind: "createField", field: SITE });
    await company.#ask({ kind: "updateSetting", settingId: bench.settingId, groupSettings: begin });
    company.#settings.push(await addSetting(bench.writer, { criteria: "none", targetGroupName: "All" }));
    await company.#ask({ kind: "updateSetting", settingId: company.#settings[1] ?? "", groupSettings: beside });
    for (let nth = 0; nth < 3; nth += 1)
      await company.#take({ kind: "enrol", nth, items: [{ kind: "training", id: "one", name: "First" }] });
    for (const [place, mail] of ["a@example.com", "B@example.com", "b@example.com", "c@example.com"].entries())
      await company.#take({
        kind: "user",
        setting: place,
        user: { userName: mail, mail, department: "Sales", title: null, active: true, externalId: null },
      });
    for (const burst of bursts) await Promise.all(burst.map((one) => company.#take(one)));
    await settle(bench.writer);
    return company;
  }

  /** A refusal is an answer like others; a bug is not. */
  async #ask(operation: Operation): Promise<Outcome | null> {
    return judge(await this.bench.writer.write(requestOf(operation)));
  }

  #managed(resources: readonly Resource[]): Resource[] {
    return resources.filter(({ settingId }) => this.#settings.includes(settingId));
  }

  #client(settingId: string): Client {
    return new Client(this.bench.writer, settingId);
  }

  async #take(one: Step): Promise<void> {
    switch (one.kind) {
      case "user":
        return this.#addUser(one);
      case "change": {
        const found = pick(this.#managed(this.#users), one.nth);
        if (found !== undefined) judge(await this.#client(found.settingId).patchUser(found.id, ...one.changes));
        return;
      }
      case "remove": {
        const found = pick(this.#managed(this.#users), one.nth);
        if (found === undefined) return;
        this.#users.splice(this.#users.indexOf(found), 1);
        judge(await this.#client(found.settingId).deleteUser(found.id));
        return;
      }
      case "bulk": {
        const settingId = pick(this.#settings, one.setting) ?? "";
        const own = this.#users.filter((user) => user.settingId === settingId);
        const items = one.changes.map(({ nth: place, change: operation }) => ({
          method: "PATCH",
          path: `/Users/${pick(own, place)?.id ?? ""}`,
          data: { Operations: [operation] },
        }));
        judge(await this.#client(settingId).send({ kind: "bulk", settingId, items }));
        return;
      }
      case "group": {
        const settingId = pick(this.#settings, one.setting) ?? "";
        const outcome = judge(
          await this.#client(settingId).postGroup(one.name, this.#membersOf(settingId, one.members)),
        );
        if (outcome?.kind === "group") this.#groups.push({ id: outcome.group.id, settingId });
        return;
      }
      case "setting":
        this.#settings.push(await addSetting(this.bench.writer, { criteria: "none", targetGroupName: "All" }));
        await this.#ask({
          kind: "updateSetting",
          settingId: this.#settings.at(-1) ?? "",
          groupSettings: one.groupSettings,
        });
        return;
      case "work":
        await this.bench.writer.followUp();
        return;
      case "join":
      case "rename":
      case "drop":
        return this.#changeGroup(one);
      case "target":
      case "manual":
      case "enrol":
        return this.#changeTargets(one);
      default:
        return this.#configure(one);
    }
  }

  async #addUser({ setting, user: made }: Step & { kind: "user" }): Promise<void> {
    const settingId = pick(this.#settings, setting) ?? "";
    const { userName, mail, department, ...rest } = made;
    const emails = mail === null ? [] : [{ value: mail, type: "work" }];
    const more = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)) as JsonObject; // no nulls
    const outcome = judge(
      await this.#client(settingId).postUser(userName, department ?? undefined, { ...more, emails }),
    );
    if (outcome?.kind === "user") this.#users.push({ id: outcome.user.id, settingId });
  }

  #membersOf(settingId: string, places: readonly number[]): string[] {
    const own = this.#users.filter((one) => one.settingId === settingId);
    return places.flatMap((place) => pick(own, place)?.id ?? []);
  }

  async #changeGroup(one: Step & { kind: "join" | "rename" | "drop" }): Promise<void> {
    const found = pick(this.#managed(this.#groups), one.nth);
    if (found === undefined) return;
    const client = this.#client(found.settingId);
    if (one.kind === "drop") {
      this.#groups.splice(this.#groups.indexOf(found), 1);
      judge(await client.deleteGroup(found.id));
    } else if (one.kind === "rename") {
      const members = one.members === null ? undefined : this.#membersOf(found.settingId, one.members);
      judge(await client.putGroup(found.id, one.name, members));
    } else {
      const [member] = this.#membersOf(found.settingId, [one.member]);
      if (member === undefined) return;
      const operation = one.isIn
        ? { op: "add", path: "members", value: [{ value: member }] }
        : { op: "remove", path: `members[value eq "${member}"]` };
      judge(await client.patchGroup(found.id, operation));
    }
  }

  async #changeTargets(one: Step & { kind: "target" | "manual" | "enrol" }): Promise<void> {
    if (one.kind === "target") {
      await this.#ask({ kind: "createTargetGroup", name: one.name });
      return;
    }
    const { results } = await env.DB.prepare(
      "SELECT g.id FROM target_groups g JOIN companies c ON c.company_key = g.company_key WHERE c.id = ? ORDER BY name_key",
    )
      .bind(this.bench.companyId)
      .all<{ id: string }>();
    const targetGroupId = pick(results, one.nth)?.id ?? "";
    if (one.kind === "enrol") await this.#ask({ kind: "setAutoEnrolments", targetGroupId, items: one.items });
    else {
      const userId = pick(this.#users, one.member)?.id ?? "";
      await this.#ask({ kind: one.isIn ? "addManualMember" : "removeManualMember", targetGroupId, userId });
    }
  }

  async #configure(one: Step & { kind: "regroup" | "remap" | "end" | "field" }): Promise<void> {
    if (one.kind === "field") {
      await this.#ask(one.isThere ? { kind: "createField", field: SITE } : { kind: "deleteField", key: SITE.key });
      return;
    }
    const settingId = pick(this.#settings, one.nth) ?? "";
    if (one.kind === "regroup") await this.#ask({ kind: "updateSetting", settingId, groupSettings: one.groupSettings });
    else if (one.kind === "remap")
      await this.#ask({ kind: "updateSetting", settingId, fieldMappings: MAPPINGS[one.mapping] ?? [] });
    else if (this.#settings.length > 1) {
      this.#settings.splice(this.#settings.indexOf(settingId), 1);
      await this.#ask({ kind: "deleteSetting", settingId, users: one.users });
    }
  }
}

function pick<T>(list: readonly T[], place: number): T | undefined {
  return list[place % list.length];
}

function judge(result: WriteResult): Outcome | null {
  if (!result.ok && result.status >= 500) throw new Error(`${result.status} ${result.detail}`);
  return result.ok ? result.outcome : null;
}
