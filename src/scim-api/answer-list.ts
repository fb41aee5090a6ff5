import { describeUnindexed } from "../directory/describe-unindexed.ts";
import type { PageRequest, ResourcePage } from "../directory/list-resources.ts";
import { selectMappedExtensions } from "../directory/mapped-extensions.ts";
import { attemptList, lookedUpIn } from "../directory/read-indexed-list.ts";
import type { PlacedResource } from "../directory/select-resources.ts";
import { walkList } from "../directory/walk-unindexed-list.ts";
import { draftListAnswer } from "../log/draft-list-answer.ts";
import { systemClock } from "../platform/clock.ts";
import { type Position, readPosition } from "../platform/list-position.ts";
import { decodeCursor, encodeCursor, type ListName } from "../platform/opaque-cursor.ts";
import { together } from "../platform/read-batch.ts";
import { keyInSpan, placeInSpan } from "../platform/row-keys.ts";
import { DEFAULT_COUNT } from "../scim/list/list-query.ts";
import { type ListMessage, printListResponse } from "../scim/list/list-response.ts";
import { type CursorFacts, invalidCursor, queryName, readCursorFacts } from "../scim/list/page-cursor.ts";
import type { ResourceType } from "../scim/schema/schema.ts";
import { answerText } from "./answer.ts";
import { readLive } from "./check-live-credential.ts";
import type { ListRequest } from "./list-request.ts";
import { readUnindexed } from "./read-unindexed.ts";
import { print, wantsRelated } from "./resource-answer.ts";
import type { DoorContext } from "./scim-context.ts";
import { baseUrl } from "./scim-endpoint-path.ts";

/** Answers a list or search: one D1 batch holds the token's liveness, the page and its count. */
export async function answerList(c: DoorContext, request: ListRequest): Promise<Response> {
  const { query, types, guess } = request;
  const { settingKey, settingId, companyId } = c.get("identity");
  const name = ["scim", companyId, settingId, ...queryName(types, query)];
  const now = systemClock();
  const cursor = readCursor(name, query.cursor ?? "", now, settingKey);
  const count = query.count ?? DEFAULT_COUNT;
  const list = {
    settingKey,
    baseUrl: baseUrl(c.req.url),
    sources: types.map((type) => ({
      type: type.name,
      filter: query.filter,
      sortBy: query.sortBy,
      withRelated: wantsRelated(type, query.projection),
    })),
    descending: query.sortBy !== undefined && query.sortOrder === "descending",
    limit: query.cursor === undefined ? count : count + 1,
    offset: query.cursor === undefined ? query.startIndex - 1 : 0,
    isByCursor: query.cursor !== undefined,
    from: cursor && { position: cursor.position, backwards: cursor.direction === "previous" },
  };
  const { access, found, mapped } = await attempt(c, list, guess !== undefined);
  if (guess !== undefined && !guess.isRight(mapped)) return answerList(c, await guess.readAgain(mapped));
  c.get("log").lookedUp = lookedUpIn(list)?.path ?? null;
  const about = describeUnindexed({ types: types.map(({ name }) => name), filter: query.filter, sortBy: query.sortBy });
  const page = found ?? (await readUnindexed(c, about, (reads) => walkList(list, reads, cursor?.total)));
  const totalResults = page.total ?? types.reduce((sum, { name }) => sum + access.counts[name], 0);
  if (query.cursor === undefined) {
    return answerPage(c, request, page.placed, { totalResults, startIndex: query.startIndex });
  }
  const { placed, ...cursors } = cutPage(page, count, cursor, (position, direction) =>
    // A walk counts once: the pages that follow have its number from the first.
    encodeCursor(name, {
      ...toOwnPlace(position, settingKey),
      ...{ direction, issuedAt: now },
      ...(found === null && { total: totalResults }),
    }),
  );
  return answerPage(c, request, placed, { totalResults, ...cursors });
}

/** Reads a page as far as an index gives it, and the mapped extensions where they are in question. */
async function attempt(c: DoorContext, list: PageRequest, isGuess: boolean) {
  const page = attemptList(list);
  if (!isGuess) {
    const { access, value: found } = await readLive(c, page);
    return { access, found, mapped: [] };
  }
  const { access, value } = await readLive(
    c,
    together({ found: page, mapped: selectMappedExtensions(list.settingKey) }),
  );
  return { access, ...value };
}

/** Where a walk by cursor goes on, and which way; `total` is there where its matches were counted on the first page. */
interface Cursor extends CursorFacts {
  position: Position;
  total?: number;
}

/** Reads the cursor of a list; undefined for none, which begins a walk. */
function readCursor(name: ListName, text: string, now: number, settingKey: number): Cursor | undefined {
  if (text === "") return undefined;
  const decoded = decodeCursor(name, text);
  const facts = readCursorFacts(decoded, now);
  const place = readPosition(decoded);
  const key = place === undefined ? null : keyInSpan(settingKey, place.key);
  if (place === undefined || key === null) throw invalidCursor();
  return { ...facts, position: { ...place, key }, total: readTotal(decoded) };
}

/** A position as a client is told it: the row's number among those of its own company says nothing of other companies. */
function toOwnPlace({ key, ...position }: Position, settingKey: number): Position {
  return { ...position, key: placeInSpan(settingKey, key) };
}

function readTotal(decoded: unknown): number | undefined {
  if (typeof decoded !== "object" || decoded === null || !("total" in decoded)) return undefined;
  const { total } = decoded;
  return typeof total === "number" && Number.isSafeInteger(total) && total >= 0 ? total : undefined;
}

/** Answers a page. */
function answerPage(
  c: DoorContext,
  request: ListRequest,
  placed: readonly PlacedResource[],
  page: Omit<ListMessage, "resources">,
): Response {
  const shown = placed.map(({ resource }) => resource);
  Object.assign(c.get("log"), draftListAnswer(shown, page));
  return answerText(c, printListResponse(page, printAll(c, request, placed)));
}

function printAll(c: DoorContext, { types, query }: ListRequest, placed: readonly PlacedResource[]): string[] {
  const byName = new Map<string, ResourceType>(types.map((type) => [type.name, type]));
  const base = baseUrl(c.req.url);
  return placed.flatMap(({ resource }) => {
    const type = byName.get(resource.type);
    return type === undefined ? [] : [print(base, type, resource, query.projection)];
  });
}

/** Cuts off the one resource read beyond the page, if it was, and says how to go on and back (RFC 9865 section 2). */
function cutPage(
  { placed, isCut }: ResourcePage,
  count: number,
  cursor: Cursor | undefined,
  encode: (position: Position, direction: Cursor["direction"]) => string,
): { placed: PlacedResource[]; nextCursor?: string; previousCursor?: string } {
  const backwards = cursor?.direction === "previous";
  const isLonger = placed.length > count;
  const hasMore = isCut || isLonger;
  const kept = backwards && isLonger ? placed.slice(placed.length - count) : placed.slice(0, count);
  const first = kept[0];
  const last = kept.at(-1);
  if (first === undefined || last === undefined) return { placed: kept };
  const hasNext = backwards || hasMore;
  const hasPrevious = backwards ? hasMore : cursor !== undefined;
  return {
    placed: kept,
    ...(hasNext ? { nextCursor: encode(last.position, "next") } : {}),
    ...(hasPrevious ? { previousCursor: encode(first.position, "previous") } : {}),
  };
}
