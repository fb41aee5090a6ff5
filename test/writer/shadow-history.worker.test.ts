import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareFold, follow, type Read, readPicture } from "../changes/company-picture.ts";
import { FeedFold } from "../changes/feed-fold.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";
import { anyShadowHistory, ShadowCompany, type ShadowHistory } from "./shadow-history.ts";
import type { TargetSide } from "./shadow-oracle.ts";

const SEED = Number(env.FUZZ_SEED);
const HISTORIES = Math.ceil(Number(env.FUZZ_CASES) / 200);

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
    for (const [index, when] of history.liveAt.entries()) if (when === place) await company.goLive(index);
  };
  for (const [place, [step, waits]] of history.steps.entries()) {
    if (place > 0) await goLive(place);
    answers.push(await company.take(step));
    if (!waits) await company.settle();
    if (place % 8 === 7) await at();
  }
  await company.settle();
  await at();
  for (const index of history.liveAt.keys()) await company.goLive(index);
  await company.settle();
  await at();
  return answers;
}

describe("shadow", () => {
  it(`then live is as if it had never been (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
    const property = fc.asyncProperty(anyShadowHistory, async (history) => {
      const company = await ShadowCompany.begin(history, true);
      const fold = new FeedFold();
      const answers = await live(company, history, async () => {
        expect(await readTargetSide(company)).toEqual(company.expected);
        await follow(readerOf(company), fold);
        expect(compareFold(fold, await readPicture(readerOf(company)))).toEqual([]);
      });
      const never = await ShadowCompany.begin(history, false);
      expect(await live(never, history, async () => {})).toEqual(answers);
      expect(await readTargetSide(company)).toEqual(await readTargetSide(never));
      expect(await company.countHolds()).toBe(0);
    });
    await fc.assert(property, { numRuns: HISTORIES, seed: SEED });
  });
});
