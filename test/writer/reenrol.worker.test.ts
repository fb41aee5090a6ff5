import { describe, expect, it } from "vitest";
import type { Reenrol } from "../../src/directory/enrolment-column-values.ts";
import { inTurn } from "../generated-cases.ts";
import { addSetting, Client, NO_BRAKE, requestOf, requireOutcome } from "./bench.ts";
import { basics, DEPARTMENT, ProgressBench } from "./progress-bench.ts";
import { targetGroupId } from "./target-side.ts";

const byDepartment = { criteria: "field" as const, field: "department" };
const move = (value: string) => ({ op: "replace", path: DEPARTMENT, value });
const active = (value: boolean) => ({ op: "replace", path: "active", value });

/** A way to lose what enrols, and to get it back; made with somebody, ada, who is enrolled in the basics. */
interface Way {
  lose(): Promise<unknown>;
  back(): Promise<unknown>;
}

async function begin(
  reenrol: Reenrol | undefined,
  groupSettings = byDepartment as Parameters<typeof ProgressBench.begin>[0],
) {
  const company = await ProgressBench.begin(groupSettings);
  const ada = await company.client.user("ada", "Sales");
  const terms = reenrol === undefined ? {} : { reenrol };
  return { company, ada, item: basics(terms) };
}

/** By each way the planner comes to a person. */
const WAYS: Record<string, (reenrol: Reenrol | undefined) => Promise<Way & { company: ProgressBench }>> = {
  "the value of a field": async (reenrol) => {
    const { company, ada, item } = await begin(reenrol);
    await company.enrol("Sales", item);
    const patch = (value: string) => company.client.patchUser(ada, move(value));
    return { company, lose: () => patch("Legal"), back: () => patch("Sales") };
  },
  "the status": async (reenrol) => {
    const { company, ada, item } = await begin(reenrol);
    await company.enrol("Sales", item);
    const patch = (value: boolean) => company.client.patchUser(ada, active(value));
    return { company, lose: () => patch(false), back: () => patch(true) };
  },
  "an IdP group": async (reenrol) => {
    const { company, ada, item } = await begin(reenrol, { criteria: "idp" });
    const group = await company.client.group("Sales", [ada]);
    await company.enrol("Sales", item);
    const list = (members: string[]) => company.client.putGroup(group, "Sales", members);
    return { company, lose: () => list([]), back: () => list([ada]) };
  },
  "a membership by hand": async (reenrol) => {
    const { company, ada, item } = await begin(reenrol);
    await company.ask({ kind: "createTargetGroup", name: "Board" });
    const group = await targetGroupId(company.bench, "Board");
    const byHand = (kind: "addManualMember" | "removeManualMember") =>
      company.ask({ kind, targetGroupId: group, userId: ada });
    await byHand("addManualMember");
    await company.enrol("Board", item);
    return { company, lose: () => byHand("removeManualMember"), back: () => byHand("addManualMember") };
  },
  "the auto-enrolment taken away and set again": async (reenrol) => {
    const { company, item } = await begin(reenrol);
    await company.enrol("Sales", item);
    return { company, lose: () => company.enrol("Sales"), back: () => company.enrol("Sales", item) };
  },
  "another grouping of the setting": async (reenrol) => {
    const { company, item } = await begin(reenrol);
    await company.enrol("Sales", item);
    const { settingId } = company.bench;
    const group = (groupSettings: Parameters<typeof ProgressBench.begin>[0]) =>
      company.ask({ kind: "updateSetting", settingId, groupSettings });
    const none = { criteria: "none" as const, targetGroupName: "All" };
    return { company, lose: () => group(none), back: () => group(byDepartment) };
  },
  "the deletion of one setting, and another one that goes live": async (reenrol) => {
    const { company, ada, item } = await begin(reenrol);
    await company.enrol("Sales", item);
    const { settingId } = company.bench;
    const other = crypto.randomUUID();
    await company.ask({
      ...{ kind: "createSetting", id: other, name: "Other", provider: "other", fieldMappings: [], mode: "shadow" },
      groupSettings: byDepartment,
    });
    await new Client(company.writer, other).user("ADA", "Sales");
    const version = await shadowVersion(company, other);
    return {
      company,
      lose: async () => {
        await company.ask({ kind: "deleteSetting", settingId, users: "keep" });
        await company.ask({ kind: "editTargetUser", userId: ada, status: "inactive", fields: {} });
      },
      back: () => company.ask({ kind: "goLive", settingId: other, version }),
    };
  },
  "a hold that is released": async (reenrol) => {
    const { company, ada, item } = await begin(reenrol);
    await company.enrol("Sales", item);
    const { settingId } = company.bench;
    const limit = { people: 0, percent: 0 };
    const guard = (safeguards: object) => company.ask({ kind: "updateSetting", settingId, safeguards });
    return {
      company,
      lose: async () => {
        await guard({ ...NO_BRAKE, leavers: limit });
        await company.client.patchUser(ada, active(false));
        await releaseAll(company);
        await guard(NO_BRAKE);
      },
      back: () => company.client.patchUser(ada, active(true)),
    };
  },
};

async function shadowVersion({ bench }: ProgressBench, settingId: string): Promise<string> {
  const { operate } = await import("../scim-api/scim-client.ts");
  const { json } = await operate("GET", `/companies/${bench.companyId}/scim-settings/${settingId}`);
  return json.shadow.version;
}

async function releaseAll(company: ProgressBench): Promise<void> {
  const { operate } = await import("../scim-api/scim-client.ts");
  const { json } = await operate("GET", `/companies/${company.bench.companyId}/holds?status=open`);
  expect(json.items).toHaveLength(1);
  for (const { id: holdId, version } of json.items)
    await company.ask({ kind: "decideHold", holdId, decision: "release", version });
}

describe("somebody who comes back", () => {
  const done = expect.stringMatching(/active completed$/);
  const someWays = (place: number) => inTurn(Object.entries(WAYS), place, 2);

  it.each(someWays(0))("by %s is not enrolled again in what they completed, which stays as it is", async (_, make) => {
    const { company, lose, back } = await make(undefined);
    await company.reach("ada", "completed");
    await lose();
    expect(await company.enrolments()).toEqual([done]);
    await back();
    expect(await company.enrolments()).toEqual([done]);
  });

  it.each(someWays(1))(
    "by %s is enrolled again where the auto-enrolment says always, as often as they come back",
    async (_, make) => {
      const { company, lose, back } = await make("always");
      await company.reach("ada", "completed");
      await lose();
      await back();
      expect(await company.enrolments()).toEqual([done, expect.stringMatching(/active$/)]);
    },
  );

  it.each(someWays(0))("by %s is enrolled again once enough days went by since, not before", async (_, make) => {
    for (const [days, count] of [
      [9, 1],
      [10, 2],
    ] as const) {
      const { company, lose, back } = await make({ afterDays: 10 });
      await company.reach("ada", "completed");
      await lose();
      company.turn(days);
      await back();
      expect(await company.enrolments(), `${days} days`).toHaveLength(count);
    }
  });

  it.each(someWays(1))("by %s is enrolled anew in what they did not complete", async (_, make) => {
    const { company, lose, back } = await make("never");
    await company.reach("ada", "failed");
    await lose();
    await back();
    expect(await company.enrolments()).toEqual([
      expect.stringMatching(/withdrawn failed$/),
      expect.stringMatching(/active$/),
    ]);
  });
});

describe("what was completed", () => {
  it("survives the withdrawal before it, and is not started again", async () => {
    const { company, ada, item } = await begin(undefined);
    await company.enrol("Sales", item);
    await company.client.patchUser(ada, active(false));
    await company.reach("ada", "completed");
    await company.client.patchUser(ada, active(true));
    expect(await company.enrolments()).toEqual(["ada withdrawn completed"]);
  });

  it("is the person's, whichever of its users goes, and the feed says whose it is", async () => {
    const { company, ada, item } = await begin(undefined);
    const other = new Client(company.writer, await addSetting(company.writer, byDepartment, NO_BRAKE));
    await company.enrol("Sales", item);
    await company.reach("ada", "completed");
    const twin = await other.user("ADA", "Legal");
    await company.client.deleteUser(ada);
    expect(await company.enrolments()).toEqual(["ADA active completed"]);
    await other.patchUser(twin, move("Sales"));
    expect(await company.enrolments()).toEqual(["ADA active completed"]);
    await other.deleteUser(twin);
    expect(await company.enrolments()).toEqual(["gone withdrawn completed"]);
    await other.user("ada", "Sales");
    expect(await company.enrolments()).toEqual(["gone withdrawn completed", "ada active"]);
  });

  it("goes with somebody who gets another e-mail, also when nothing enrols anybody any more", async () => {
    const { company, ada, item } = await begin(undefined);
    await company.enrol("Sales", item);
    await company.reach("ada", "completed");
    await company.enrol("Sales");
    await company.client.patchUser(ada, {
      op: "replace",
      path: 'emails[type eq "work"].value',
      value: "new@example.com",
    });
    await company.enrol("Sales", item);
    expect(await company.enrolments()).toEqual(["ada active completed"]);
    await company.enrol("Sales");
    await company.client.deleteUser(ada);
    expect(await company.enrolments()).toEqual(["gone withdrawn completed"]);
  });

  it("counts where two persons turn out to be one: what the other has open is over", async () => {
    const { company, item } = await begin(undefined);
    const bob = await company.client.user("bob", "Sales");
    await company.enrol("Sales", item);
    await company.reach("bob", "completed");
    await company.client.patchUser(bob, {
      op: "replace",
      path: 'emails[type eq "work"].value',
      value: "ada@example.com",
    });
    expect(await company.enrolments()).toEqual(["ada withdrawn", "bob active completed"]);
  });

  it("stays so once the person is enrolled anew", async () => {
    const { company, ada, item } = await begin("always");
    await company.enrol("Sales", item);
    const first = await company.newest("ada");
    await company.reach("ada", "completed");
    await company.client.patchUser(ada, active(false));
    await company.client.patchUser(ada, active(true));
    const [refused] = await company.report({ enrolmentId: first, status: "failed", score: null });
    expect(refused).toMatchObject({ refusal: { code: "newer_enrolment", status: 409 } });
    expect(await company.enrolments()).toEqual(["ada active completed", "ada active"]);
  });
});

describe("what was completed, where it is reported otherwise", () => {
  it("can be reported otherwise: it is open again, and withdrawn at once where nothing gives it", async () => {
    const { company, ada, item } = await begin(undefined);
    await company.enrol("Sales", item);
    await company.reach("ada", "completed");
    await company.reach("ada", "inProgress");
    expect(await company.enrolments()).toEqual(["ada active inProgress"]);
    await company.reach("ada", "completed");
    await company.client.patchUser(ada, move("Legal"));
    await company.reach("ada", "failed");
    expect(await company.enrolments()).toEqual(["ada withdrawn failed"]);
  });

  it("that kept somebody from being enrolled again and is reported otherwise does so no more", async () => {
    const { company, ada, item } = await begin(undefined);
    await company.enrol("Sales", item);
    await company.client.patchUser(ada, active(false));
    await company.reach("ada", "completed");
    await company.client.patchUser(ada, active(true));
    await company.reach("ada", "failed");
    expect(await company.enrolments()).toEqual(["ada withdrawn failed", "ada active"]);
  });

  it("by many reports at once is planned for by the last of them, in one commit", async () => {
    const { company, item } = await begin("always");
    await Promise.all(Array.from({ length: 60 }, (_, n) => company.client.user(`u${n}`, "Sales")));
    await company.enrol("Sales", item);
    const ids = await Promise.all(Array.from({ length: 60 }, (_, n) => company.newest(`u${n}`)));
    const reports = ids.flatMap((enrolmentId) =>
      (["completed", "failed", "completed"] as const).map((status) => ({ enrolmentId, status, score: null })),
    );
    const request = requestOf({ kind: "reportProgress", reports });
    const outcome = requireOutcome(await company.writer.write(request));
    expect(
      outcome.kind === "progress" && outcome.reports.every((report) => "isChanged" in report && report.isChanged),
    ).toBe(true);
    const lines = await company.enrolments();
    expect(lines.filter((line) => line.endsWith("active completed"))).toHaveLength(60);
    expect(lines).toHaveLength(61);
  });
});
