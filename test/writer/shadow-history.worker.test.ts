import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareFold, follow, type Read, readPicture } from "../changes/company-picture.ts";
import { FeedFold } from "../changes/feed-fold.ts";
import { draw, inTurn, SEED } from "../generated-cases.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";
import { anyShadowHistory, ShadowCompany, type ShadowHistory } from "./shadow-history.ts";
import type { TargetSide } from "./shadow-oracle.ts";

const HISTORIES = 4;

function readerOf({ bench }: ShadowCompany): Read {
  return async (path) => must(await operate("GET", `/companies/${bench.companyId}${path}`), 200);
}

/** The target side as the API shows it: nothing of the tables. */
async function readTargetSide(company: ShadowCompany): Promise<TargetSide> {
  const read = readerOf(company);
  const { items } = await read("/target-users?limit=200");
  const memberships: string[] = [];
  const enrolments = new Set<string>();
  for (const { id, userName, fields } of items) {
    const person = await read(`/target-users/${id}`);
    for (const { name, reasons } of person.groups)
      for (const { kind, settingId, detail } of reasons) {
        const group = /IdP group "(.*)"/.exec(detail)?.[1];
        const why = group === undefined ? kind : `${kind} ${group}`;
        memberships.push(`${userName} in ${name} by ${why} of ${company.settingIds.indexOf(settingId)}`);
      }
    for (const { status, itemId } of person.enrolments)
      if (status === "active") enrolments.add(`${fields.email} ${itemId}`);
  }
  const people = items.map(
    (user: { userName: string; status: string }) => `${user.userName} ${user.status === "active" ? 1 : 0}`,
  );
  return { people: people.sort(), memberships: memberships.sort(), enrolments: [...enrolments].sort() };
}

/** Lives a history; `at` is called now and then, whatever is left to be done. */
async function live(company: ShadowCompany, history: ShadowHistory, at: () => Promise<void>): Promise<number[]> {
  const answers: number[] = [];
  const goLive = async (place: number) => {
    for (const [index, when] of history.liveAt.entries())
      if (when === place) {
        await company.goLive(index);
        await at();
      }
  };
  await company.fill();
  for (const [place, [step, waits]] of history.steps.entries()) {
    if (place > 0) await goLive(place);
    answers.push(await company.take(step));
    if (!waits) await company.settle();
    if (place % 8 === 7) await at();
  }
  await company.settle();
  await at();
  for (const index of history.liveAt.keys()) await goLiveAsForeseen(company, index);
  await at();
  return answers;
}

/** Has a setting go live that is in shadow still: what it told that this would do is what it does. */
async function goLiveAsForeseen(company: ShadowCompany, index: number): Promise<void> {
  const read = readerOf(company);
  const { shadow } = await read(`/scim-settings/${company.settingIds[index]}`);
  if (shadow === null) return;
  const before = await readPicture(read);
  await company.goLive(index);
  await company.settle();
  const after = await readPicture(read);
  const { memberships } = await readTargetSide(company);
  const joined = new Set(memberships.filter((one) => one.endsWith(` of ${index}`)).map((one) => one.split(" in ")[0]));
  const { people, groups, enrolments } = shadow;
  expect(joined.size).toBe(people.new + people.known);
  expect(after.users.length - before.users.length).toBe(people.new + people.known + people.skipped);
  expect(after.groups.length - before.groups.length).toBe(groups.new);
  const started = after.enrolments.filter(({ id }) => before.enrolments.every((other) => other.id !== id));
  const counts = Object.fromEntries(
    [...Map.groupBy(started, ({ itemId }) => itemId)].map(([item, of]) => [String(item), of.length]),
  );
  expect(counts).toEqual(
    Object.fromEntries(enrolments.map(({ itemId, starts }: { itemId: string; starts: number }) => [itemId, starts])),
  );
}

describe("shadow", () => {
  it(`then live is as if it had never been (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
    const property = fc.asyncProperty(anyShadowHistory, async (history) => {
      const company = await ShadowCompany.begin(history, true);
      const fold = new FeedFold();
      const answers = await live(company, history, async () => {
        expect(await readTargetSide(company)).toEqual(company.expected);
        const { items } = await readerOf(company)("/target-groups?limit=200");
        expect(items.filter(({ name }: { name: string }) => !company.named.has(name))).toEqual([]);
        await follow(readerOf(company), fold);
        expect(compareFold(fold, await readPicture(readerOf(company)))).toEqual([]);
      });
      const never = await ShadowCompany.begin(history, false);
      expect(await live(never, history, async () => {})).toEqual(answers);
      expect(await readTargetSide(company)).toEqual(await readTargetSide(never));
      expect(await company.countHolds()).toBe(0);
    });
    await fc.assert(property, draw(HISTORIES));
  });
});

/** What there is to say against a company and its feed. */
async function faultsOf(company: ShadowCompany, fold: FeedFold): Promise<string[]> {
  await follow(readerOf(company), fold);
  const [there, due] = [await readTargetSide(company), company.expected];
  const isSame = JSON.stringify(there) === JSON.stringify(due);
  return [...compareFold(fold, await readPicture(readerOf(company))), ...(isSame ? [] : ["other than the rules say"])];
}

const OF_COMPANY = "company_key = (SELECT company_key FROM companies WHERE id = ?1)";
const SHADOWED = `(SELECT user_key FROM users WHERE user_name = 'u2' AND ${OF_COMPANY})`;
/** Faults that a writer could have, as what they leave in the tables: u2 is in shadow, of the same person as u1. */
const IN_SHADOW: Record<string, string> = {
  "somebody in shadow shows": `UPDATE scim_settings SET shadow_after = ${SHADOWED},
    shadow_until = 9000000000000000 WHERE shadow_after = 0 AND ${OF_COMPANY}`,
  "a feed entry of somebody in shadow": `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, user_id, data, cause)
    SELECT company_key, change_seq + 1, 'user.deactivated', 1, 'user', (SELECT id FROM users WHERE user_key = ${SHADOWED}),
      (SELECT id FROM users WHERE user_key = ${SHADOWED}), '{"userName":"u2"}',
      '{"requestId":"r","actor":"scim","settingId":null,"provider":null,"rule":null}' FROM companies WHERE id = ?1`,
  "a membership of somebody in shadow": `INSERT INTO target_group_members
      (target_group_key, user_key, kind, setting_key, source_key, detail, added_at)
    SELECT target_group_key, ${SHADOWED}, 'field', 1, 0, 'department', 1 FROM target_groups WHERE name = 'Crew' AND ${OF_COMPANY}`,
  "an enrolment handed over to somebody in shadow": `UPDATE enrolments SET user_key = ${SHADOWED},
    user_id = (SELECT id FROM users WHERE user_key = ${SHADOWED}) WHERE status = 'active' AND ${OF_COMPANY}`,
};
const WHEN_LIVE: Record<string, string> = {
  "the fallback group is forgotten": `DELETE FROM target_group_members WHERE kind = 'ungrouped'
    AND user_key IN (SELECT user_key FROM users WHERE ${OF_COMPANY})`,
  "somebody is left in shadow": `UPDATE scim_settings SET shadow_after = 0 WHERE id = ?2`,
  "nobody is told of": `DELETE FROM changes WHERE type = 'user.created' AND subject_id = (SELECT id FROM users WHERE user_key = ${SHADOWED})
    AND ${OF_COMPANY}`,
};

/** Somebody in a training, the same person in shadow, and one whom only the fallback takes. */
const SHORT: ShadowHistory = {
  settings: [
    { criteria: "field", field: "department" },
    { criteria: "field", field: "department", targetGroupName: "Rest", targetGroupScope: "ungrouped" },
    { criteria: "idp" },
  ],
  liveAt: [0, 45, 0],
  steps: [
    [{ kind: "join", setting: 0, mail: 1, value: "Sales", isActive: true }, false],
    [{ kind: "join", setting: 1, mail: 1, value: "Sales", isActive: true }, false],
    [{ kind: "join", setting: 1, mail: 2, value: null, isActive: true }, false],
  ],
};

describe("the judges of a history", () => {
  it.each(inTurn([...Object.keys(IN_SHADOW), ...Object.keys(WHEN_LIVE)], 0))("notice that %s", async (fault) => {
    const company = await ShadowCompany.begin(SHORT, true);
    for (const [step] of SHORT.steps) expect(await company.take(step)).toBe(0);
    if (fault in WHEN_LIVE) await company.goLive(1);
    await company.settle();
    const { companyId } = company.bench;
    const plant = (sql: string) => {
      const values = sql.includes("?2") ? [companyId, company.settingIds[1]] : [companyId];
      return env.DB.prepare(sql)
        .bind(...values)
        .run();
    };
    expect(await faultsOf(company, new FeedFold())).toEqual([]);
    const { meta } = await plant(IN_SHADOW[fault] ?? WHEN_LIVE[fault] ?? "");
    expect(meta.changes).toBeGreaterThan(0);
    // What is kept in step with such rows, as a writer would.
    await plant(`UPDATE companies SET change_seq =
      (SELECT max(seq) FROM changes WHERE company_key = companies.company_key) WHERE id = ?1`);
    await plant(`UPDATE target_groups SET member_count = (SELECT count(DISTINCT user_key) FROM target_group_members m
      WHERE m.target_group_key = target_groups.target_group_key) WHERE ${OF_COMPANY}`);
    expect(await faultsOf(company, new FeedFold())).not.toEqual([]);
  });
});
