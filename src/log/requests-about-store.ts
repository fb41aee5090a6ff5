import { cutAtFirstEnd } from "../companies/cut-at-first-end.ts";
import type { ReadInShare } from "../companies/read-in-share.ts";
import { indexedReads, type Reads } from "../companies/split-long-reads.ts";
import { BYTES_AT_ONCE, selectStretch } from "../platform/byte-budget.ts";
import type { Database } from "../platform/database.ts";
import { type Read, rowsOf } from "../platform/read-batch.ts";
import { type CompanyLogQuery, type LogPage, type LogStretch, readAllOf, SEARCH } from "./log-list-store.ts";
import type { LogPosition } from "./logged-requests.ts";
import { comparisonOf, compileWalk, type ListedRequest, planWalk, selectLast, toListed } from "./plan-log-walk.ts";

/** Whom requests are about, in which setting: a user or group that is here, by its id, or nobody here, by a name, folded. */
export interface Subject {
  setting: { key: number; id: string; name: string };
  by: { resourceId: string } | { name: string };
}

/** Of each, so many of the next requests are looked at where more is asked than whom they are about. */
const LOOKED = 1_000;

/**
 * Up to `take` requests of a company about any of these, in the order of time, after a position. An index leads to those of
 * each; what else is asked of them is looked for among the next of each, as `readInShare` lets it.
 */
export async function listRequestsAbout(
  database: Database,
  query: CompanyLogQuery,
  subjects: readonly Subject[],
  page: LogPage,
  readInShare: ReadInShare,
): Promise<LogStretch> {
  const asked = subjects.filter(({ setting }) => query.settingId === null || setting.id === query.settingId);
  const reads = asked.map((subject) => selectAbout(query, subject, page, Math.floor(BYTES_AT_ONCE / asked.length)));
  const read = (from: Reads) => from.once(allOf(reads));
  const isIndexed = planWalk({ ...query, search: "", resourceId: "" }).tests.length === 0;
  const found = await (isIndexed ? read(indexedReads(database)) : readInShare(SEARCH, read));
  const compare = comparisonOf({ isUp: page.isUp === true });
  const ends = found.flatMap(({ end: last }) => last ?? []);
  const rows = found.flatMap((one) => one.rows);
  const { known, end } = cutAtFirstEnd<LogPosition, ListedRequest>(rows, ends, compare);
  const isShort = end !== undefined && known.length < page.take;
  return { rows: known.slice(0, page.take), isCut: false, lookedTo: isShort ? end : null };
}

/** All requests about any of these, stretch by stretch, as `readAllRequests` gives them. */
export function readAllAbout(
  database: Database,
  query: CompanyLogQuery,
  subjects: readonly Subject[],
  order: { isUp: boolean },
  readInShare: ReadInShare,
): () => Promise<ListedRequest[]> {
  const asked = subjects.filter(({ setting }) => query.settingId === null || setting.id === query.settingId);
  // Each is led to by an index, whatever else is asked of it.
  return readAllOf(database, asked, { ...query, search: "", resourceId: "" }, order, readInShare);
}

/** Reads of one subject, with the place past which nothing is known. */
function selectAbout(query: CompanyLogQuery, { setting, by }: Subject, page: LogPage, budget: number) {
  const { tests } = planWalk({ ...query, search: "", ...by });
  const walked = {
    ...{ settingKey: setting.key, after: page.after, isUp: page.isUp === true, by },
    ...{ since: query.since ?? 0, until: query.until ?? Number.MAX_SAFE_INTEGER },
  };
  const stretch = selectStretch(
    compileWalk(walked, tests, page.take, LOOKED),
    (selected) => toListed(selected, setting),
    budget,
  );
  const last = tests.length === 0 ? [] : [selectLast(walked, LOOKED)];
  return {
    statements: [...stretch.statements, ...last],
    decode: ([rows, ends]: unknown[][]) => {
      const { rows: listed, isCut } = stretch.decode([rows ?? []]);
      const [looked] = rowsOf<LogPosition>(ends);
      const isEnough = listed.length >= page.take;
      return { rows: listed, end: isCut || isEnough ? (listed.at(-1) ?? null) : (looked ?? null) };
    },
  };
}

type About = ReturnType<ReturnType<typeof selectAbout>["decode"]>;

/** Reads of the same kind as one, each with as many statements as it has. */
function allOf(reads: readonly Read<About>[]): Read<About[]> {
  return {
    statements: reads.flatMap(({ statements }) => statements),
    decode: (results) => {
      let next = 0;
      return reads.map(({ statements, decode }) => {
        const own = results.slice(next, next + statements.length);
        next += statements.length;
        return decode(own);
      });
    },
  };
}
