import { SortedLists } from "../companies/merge-sorted-lists.ts";
import type { ReadInShare } from "../companies/read-in-share.ts";
import { type Bounds, indexedReads, type Reads } from "../companies/split-long-reads.ts";
import type { Stretch } from "../platform/byte-budget.ts";
import type { Database } from "../platform/database.ts";
import type { Position } from "../platform/list-position.ts";
import { type Read, runRead, together } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { firstOfEachSetting } from "../settings/first-rows-of-settings.ts";
import { beginEachSetting, selectNames, selectRanks, walkEachSetting } from "../settings/merge-rows-of-settings.ts";
import { type Person, readPerson, selectPeople } from "./listed-person.ts";
import { comparePeople, compareSorted, isBySource, isByTime, isDown, isWalked } from "./people-order.ts";
import { type PeoplePage, type PeopleQuery, testsOf, walkForFirst, walkInOrder } from "./people-walk.ts";

/** People in the index of names that cost as much to look at as a document: of a page few are shown, of a download all. */
const LIGHTNESS = { page: 25, download: 10 };

/** Statements in which a search by time finds many. */
const SOON = 2;

/** What no index answers of a list of people. */
const SEARCH = {
  what: "No index answers a search of people by parts of words, by status, by what they are enrolled in, or by a target group in which there are many",
  quick: "At any time: the list of people without any.",
};

/** The orders that no index has. */
const SORTED = {
  what: "No index has people in this order, so that everybody is looked at for each page",
  quick: "At any time: the list of people by user name, by SCIM setting, or as they were added.",
};

/**
 * The people of a company in a list: up to `take` after a position, and what else is to be read in the same moment. What is
 * searched for, left out or sorted as no index has it is read as `readInShare` lets it.
 */
export async function listPeople<Beside>(
  database: Database,
  companyKey: number,
  query: PeopleQuery,
  page: PeoplePage,
  beside: Read<Beside>,
  readInShare: ReadInShare,
): Promise<Stretch<Person> & { beside: Beside }> {
  const sort = (reads: Reads) => sortPeople(reads, companyKey, query, page, beside);
  if (!isWalked(query.order)) return readInShare(SORTED, sort);
  const walk = { ...(await planList(database, companyKey, query, page)), beside };
  const read = (reads: Reads) => walkEachSetting(reads, companyKey, walk.which, walk);
  if (!walk.isSearch) return read(indexedReads(database));
  if (!isByTime(query.order)) return readInShare(SEARCH, read);
  // Many are found soon. For few the rows of everybody would be read on the way: the index of names is looked through instead.
  const begin = (reads: Reads) => beginEachSetting(reads, companyKey, walk.which, walk, SOON);
  return readInShare(SEARCH, async (reads) => (await begin(reads)) ?? sort(reads));
}

/** Looks at everybody for the first people of an order that no index has. */
async function sortPeople<Beside>(
  reads: Reads,
  companyKey: number,
  query: PeopleQuery,
  page: PeoplePage,
  beside: Read<Beside>,
): Promise<Stretch<Person> & { beside: Beside }> {
  const way = { order: query.order, isBack: page.isBack };
  const { select, end } = walkForFirst(query, way, page);
  const partOf = (settingKey: number) => ({ companyKey, settingKey, first: null });
  const first = await firstOfEachSetting(reads, companyKey, whichOf(query), {
    select: (settingKey, after, bounds) => select(partOf(settingKey), after, bounds),
    end: (settingKey, after, bounds) => end(partOf(settingKey), after, bounds),
    toPlace,
    toRow: (selected) => {
      const row = selected as { k: number; place: string; byName: string; settingKey: number }; // by the statement
      return { key: row.k, settingKey: row.settingKey, place: row.place, name: row.byName };
    },
    compare: compareSorted(way),
    take: page.take,
    lightness: LIGHTNESS.page,
  });
  const keys = first.map(({ key }) => key);
  const read = await reads.once(together({ people: selectPeople(companyKey, keys), beside }));
  const byKey = new Map(read.people.map((person) => [person.key, person]));
  const rows = first.flatMap(({ key, place, name }) => {
    const person = byKey.get(key);
    return person === undefined ? [] : [{ ...person, place, name }];
  });
  return { rows, isCut: false, beside: read.beside };
}

/** People that one statement of a download reads: more where each statement is charged to the company's share. */
const AT_ONCE = { list: 900, search: 2_000 };

/**
 * All people of such a list, stretch by stretch, with as few queries as they need: a request may ask D1 only so many. Each call
 * gives the next of them, and none after the last. They come by user name where no index has their order: to find each stretch
 * among everybody would be to look at everybody as often.
 */
export async function readAllPeople(
  database: Database,
  companyKey: number,
  asked: PeopleQuery,
  readInShare: ReadInShare,
): Promise<() => Promise<Person[]>> {
  const query = isWalked(asked.order) ? asked : { ...asked, order: "name" as const };
  const take = testsOf(companyKey, query).length === 0 ? AT_ONCE.list : AT_ONCE.search;
  const walk = await planList(database, companyKey, query, { take, after: null });
  const settings = await runRead(database, selectNames(companyKey, walk.which));
  const people = new SortedLists<Person, string>(
    settings.map(({ key }) => ({
      select: (after, bounds) => walk.select(key, after, bounds),
      end: (after, bounds) => walk.end(key, after, bounds),
      toRow: readPerson,
    })),
    { ...walk, placeOf: ({ place }) => place, lightness: LIGHTNESS.download },
  );
  const next = (reads: Reads) => people.next(reads);
  return () => (walk.isSearch ? readInShare(SEARCH, next) : next(indexedReads(database)));
}

/** How a list of people is walked in each setting, in an order that an index has. */
async function planList(database: Database, companyKey: number, query: PeopleQuery, page: PeoplePage) {
  const which = whichOf(query);
  const way = { order: query.order, isBack: page.isBack };
  const ranks = isBySource(query.order) ? await runRead(database, selectRanks(companyKey, which)) : null;
  const { select, end } = walkInOrder(query, way, page.take);
  const partOf = (settingKey: number) => ({ companyKey, settingKey, first: firstOf(page.after, settingKey, ranks) });
  const isBefore = (settingKey: number) => isPast(page.after, settingKey, ranks, isDown(way));
  return {
    which,
    isSearch: testsOf(companyKey, query).length > 0,
    select: (settingKey: number, after: string | null, bounds: Bounds) =>
      isBefore(settingKey) ? NOBODY : select(partOf(settingKey), after, bounds),
    end: (settingKey: number, after: string | null, bounds: Bounds) =>
      isBefore(settingKey) ? NOBODY : end(partOf(settingKey), after, bounds),
    toPlace,
    toRow: readPerson,
    compare: comparePeople<Person>(way, ranks),
    take: page.take,
    lightness: LIGHTNESS.page,
  };
}

const NOBODY = sql`SELECT 0 AS size LIMIT 0`;

/** Where a setting's part begins: of a list by settings the position is within one of them. */
function firstOf(after: Position | null, settingKey: number, ranks: ReadonlyMap<number, number> | null) {
  return ranks === null || after?.part === settingKey ? after : null;
}

/** Whether a list by settings is past one of them at a position. */
function isPast(
  after: Position | null,
  settingKey: number,
  ranks: ReadonlyMap<number, number> | null,
  isDescending: boolean,
): boolean {
  const at = after?.part === undefined ? undefined : ranks?.get(after.part);
  if (ranks === null || at === undefined) return false;
  const rank = ranks.get(settingKey) ?? ranks.size;
  return isDescending ? rank > at : rank < at;
}

function whichOf({ settingId, isUnmanaged, inShadowToo }: PeopleQuery) {
  return {
    id: settingId,
    managed: isUnmanaged ? false : null,
    isSilent: inShadowToo === true ? undefined : false,
    hasHeirs: true,
  } as const;
}

function toPlace(selected: unknown): string {
  return (selected as { place: string }).place; // by the statements of a walk
}
