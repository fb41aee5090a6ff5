import { cutAtFirstEnd } from "../companies/cut-at-first-end.ts";
import { SortedLists } from "../companies/merge-sorted-lists.ts";
import type { ReadInShare } from "../companies/read-in-share.ts";
import { indexedReads, type Reads } from "../companies/split-long-reads.ts";
import type { Stretch } from "../platform/byte-budget.ts";
import type { Database } from "../platform/database.ts";
import { readKey, readText } from "../platform/list-position.ts";
import { NOTHING, type Read, runRead } from "../platform/read-batch.ts";
import { type SettingName, selectNames, walkEachSetting } from "../settings/merge-rows-of-settings.ts";
import type { LogPosition } from "./logged-requests.ts";
import {
  comparisonOf,
  compileWalk,
  type ListedRequest,
  type LogQuery,
  planWalk,
  selectLast,
  toListed,
} from "./plan-log-walk.ts";
import type { Walked, Way } from "./walk-requests.ts";

/** Requests that cost as much to look at as a user's document. */
const LIGHTNESS = 10;

/** What no index answers of a list of requests, as the one is told who is refused it. */
export const SEARCH = {
  what: "No index answers a search of the provisioning log",
  quick:
    "At any time: the list by time, by setting, or of one user or group by its id; those that were refused, with any or with one status, or are about groups.",
};

/** Which requests a company's list shows: those of one setting, or null for all. */
export interface CompanyLogQuery extends LogQuery {
  settingId: string | null;
}

/** Which of them: up to `take` after a place, the newest first or, with `isUp`, the oldest. */
export interface LogPage {
  take: number;
  after: LogPosition | null;
  isUp?: boolean;
  /** How many requests are looked at, where no index leads to those that are shown: about so many, or all. */
  most?: number;
}

/** The requests of a page; `lookedTo` is the last place that was looked at, where it is not the last of all. */
export type LogStretch = Stretch<ListedRequest> & { lookedTo: LogPosition | null };

/** Up to `take` requests of a setting, newest first, after a position; a search is read as `readInShare` lets it. */
export async function listLog(
  database: Database,
  companyKey: number,
  setting: { id: string },
  query: LogQuery,
  page: LogPage,
  readInShare: ReadInShare,
): Promise<Stretch<ListedRequest>> {
  const asked = { ...query, settingId: setting.id };
  return listRequests(database, companyKey, asked, page, NOTHING, readInShare);
}

/**
 * Up to `take` requests of a company, in the order of time, after a position, and what else is to be read in the same moment;
 * a search is read as `readInShare` lets it.
 */
export async function listRequests<Beside>(
  database: Database,
  companyKey: number,
  query: CompanyLogQuery,
  page: LogPage,
  beside: Read<Beside>,
  readInShare: ReadInShare,
): Promise<LogStretch & { beside: Beside }> {
  const { isUp = false, take } = page;
  const which = { id: query.settingId, managed: null };
  const { by, tests } = planWalk(query);
  const walked = (settingKey: number, after: LogPosition | null): Walked => ({
    ...{ settingKey, after: after ?? page.after, isUp, by },
    ...{ since: query.since ?? 0, until: query.until ?? Number.MAX_SAFE_INTEGER },
  });
  const compare = comparisonOf({ isUp });
  const looking = new Looking(page.most ?? Number.POSITIVE_INFINITY);
  const walk = (reads: Reads) =>
    walkEachSetting<ListedRequest, LogPosition, Beside>(reads, companyKey, which, {
      select: (settingKey, after, { rows }) => compileWalk(walked(settingKey, after), tests, take, rows),
      end: (settingKey, after, { rows }) => selectLast(walked(settingKey, after), rows),
      toPlace: (selected) => looking.goOn(selected as LogPosition & { looked: number }), // by selectLast
      toRow: toListed,
      compare,
      take,
      lightness: LIGHTNESS,
      beside,
    });
  const stretch = await (tests.length === 0 ? walk(indexedReads(database)) : readInShare(SEARCH, walk));
  return { ...stretch, ...looking.end(stretch, take, compare) };
}

/** Rows that one statement of a download reads. */
const AT_ONCE = 1_000;

/**
 * All requests of such a list, stretch by stretch, with as few queries as they need: a request may ask D1 only so many. Each
 * call gives the next of them, and none after the last.
 */
export async function readAllRequests(
  database: Database,
  companyKey: number,
  query: CompanyLogQuery,
  { isUp }: { isUp: boolean },
  readInShare: ReadInShare,
): Promise<() => Promise<ListedRequest[]>> {
  const settings = await runRead(database, selectNames(companyKey, { id: query.settingId, managed: null }));
  const { by } = planWalk(query);
  const subjects = settings.map((setting) => ({ setting, by }));
  return readAllOf(database, subjects, query, { isUp }, readInShare);
}

/** The same of what several indexes lead to, whatever of the query is left. */
export function readAllOf(
  database: Database,
  subjects: readonly { setting: SettingName; by: Way | null }[],
  query: CompanyLogQuery,
  { isUp }: { isUp: boolean },
  readInShare: ReadInShare,
): () => Promise<ListedRequest[]> {
  const { tests } = planWalk(query);
  const span = { since: query.since ?? 0, until: query.until ?? Number.MAX_SAFE_INTEGER };
  const requests = new SortedLists<ListedRequest, LogPosition>(
    subjects.map(({ setting, by }) => {
      const walked = (after: LogPosition | null): Walked => ({ settingKey: setting.key, after, isUp, by, ...span });
      return {
        select: (after, { rows }) => compileWalk(walked(after), tests, AT_ONCE, rows),
        end: (after, { rows }) => selectLast(walked(after), rows),
        toRow: (selected) => toListed(selected, setting),
      };
    }),
    {
      compare: comparisonOf({ isUp }),
      placeOf: positionOfRequest,
      toPlace: (selected) => selected as LogPosition, // by selectLast
      ...{ take: AT_ONCE, lightness: LIGHTNESS, isSearch: tests.length > 0 },
    },
  );
  const next = (reads: Reads) => requests.next(reads);
  return () => (tests.length === 0 ? next(indexedReads(database)) : readInShare(SEARCH, next));
}

/** How many requests were looked at, and where that ended before all were. */
class Looking {
  readonly #most: number;
  #looked = 0;
  readonly #ends: LogPosition[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Goes on from a place; null where enough was looked at. */
  goOn({ time, id, looked }: LogPosition & { looked: number }): LogPosition | null {
    this.#looked += looked;
    if (this.#looked < this.#most) return { time, id };
    this.#ends.push({ time, id });
    return null;
  }

  /** What is known of a page. */
  end(
    { rows, isCut }: Stretch<ListedRequest>,
    take: number,
    compare: (a: LogPosition, b: LogPosition) => number,
  ): LogStretch {
    const { known, end } = cutAtFirstEnd(rows, this.#ends, compare);
    const isShort = end !== undefined && !isCut && known.length < take;
    return { rows: known, isCut, lookedTo: isShort ? end : null };
  }
}

/** Where a request stands in a list. */
export function positionOfRequest({ time, id }: ListedRequest): LogPosition {
  return { time, id };
}

/** Reads a decoded cursor as a place in a list; undefined when it is none. */
export function readLogPosition(decoded: unknown): LogPosition | undefined {
  if (typeof decoded !== "object" || decoded === null || !("time" in decoded) || !("id" in decoded)) return undefined;
  const [time, id] = [readKey(decoded.time), readText(decoded.id)];
  return time === undefined || id === undefined ? undefined : { time, id };
}
