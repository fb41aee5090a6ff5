import { MAX_PARAMETERS } from "../platform/d1-limits.ts";
import { type Position, resumeValue } from "../platform/list-position.ts";
import { type Read, rowsOf } from "../platform/read-batch.ts";
import { countParameters, joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Filter } from "../scim/filter/parse-filter.ts";
import type { ResolvedPath } from "../scim/schema/attribute-name.ts";
import { ScimError } from "../scim/scim-error.ts";
import type { FilterContext } from "./attribute-source.ts";
import { compileFilter } from "./compile-filter.ts";
import { afterPosition, compileSortValue, orderBy } from "./compile-sort.ts";
import { budgetOf, type FoundPage, isCutEarly, rowSizeOf } from "./cut-page-by-size.ts";
import { matchesFew, matchesOneAtMost, narrowedBy } from "./indexed-condition.ts";
import { RESOURCE_TABLES, type ResourceName } from "./resource-tables.ts";
import { type PlacedPage, selectFrom, selectOne, selectResources } from "./select-resources.ts";

/** What a list takes from one resource type. */
export interface ListSource {
  type: ResourceName;
  filter?: Filter;
  sortBy?: ResolvedPath;
  /** Whether groups of users, or members of groups, are wanted. */
  withRelated: boolean;
  /** Selects the few keys among which all that the filter matches are. */
  among?: Sql;
  /** Says of the whole type whether it is looked through at all. */
  onlyIf?: Sql;
}

/** A page of a list of one or several types: by offset, or from a position on, forwards or backwards. */
export interface PageRequest {
  settingKey: number;
  baseUrl: string;
  sources: ListSource[];
  descending: boolean;
  limit: number;
  offset: number;
  /** Whether the page is one of a walk by cursor. */
  isByCursor: boolean;
  from?: { position: Position; backwards: boolean };
}

/** A page; `total` is null when nothing is filtered, and the setting's kept counts tell it. */
export interface ResourcePage extends PlacedPage {
  total: number | null;
}

/**
 * Reads a page with the number of all matches, in statements for the request's one batch. What no index answers reads all
 * of the setting here: `attemptList` and `walkList` know when not to.
 */
export function listResources(request: PageRequest): Read<ResourcePage> {
  const sole = soleSource(request);
  if (sole !== null) return listSole(request, sole);
  const page = selectPage(request);
  const weight = weightOf(request);
  if (request.sources.every(({ filter }) => filter === undefined))
    return { ...page, weight, decode: (results) => ({ ...page.decode(results), total: null }) };
  return {
    statements: [sql`SELECT ${compileCount(request)} AS total`, ...page.statements],
    weight,
    decode: ([counted, ...own]) => ({
      ...page.decode(own),
      total: rowsOf<{ total: number }>(counted)[0]?.total ?? 0,
    }),
  };
}

function selectPage(request: PageRequest): Read<PlacedPage> {
  const page = selectPlaced(request);
  if (request.from?.backwards !== true) return page;
  const reverse = ({ placed, isCut }: PlacedPage) => ({ placed: placed.reverse(), isCut });
  return { ...page, decode: (results) => reverse(page.decode(results)) };
}

function selectPlaced(request: PageRequest): Read<PlacedPage> {
  const { sources } = request;
  const [source, ...others] = sources;
  const walk = source !== undefined && others.length === 0 && isWalk(request, source) ? source : null;
  if (walk !== null && isLookUp(request, walk))
    return selectFrom(walk.type, compilePlace(request, walk).place, walk.withRelated);
  const page = walk === null ? compilePage(request) : compileWalk(request, walk);
  return selectResources(
    page,
    budgetOf(request),
    sources.map(({ type }) => type),
    sources.filter(({ withRelated }) => withRelated).map(({ type }) => type),
  );
}

/**
 * Whether a page of one type is read in the order of ids as it is met: most of what an index of the setting leads to is in
 * it, or there is little to sort.
 */
function isWalk(request: PageRequest, source: ListSource): boolean {
  const { filter, sortBy } = source;
  if (sortBy !== undefined) return false;
  return filter === undefined || !isNarrowed(request, source) || matchesFew(contextOf(request, source), filter);
}

function isNarrowed(request: PageRequest, source: ListSource): boolean {
  if (source.among !== undefined) return true;
  return source.filter !== undefined && narrowedBy(contextOf(request, source), source.filter) !== null;
}

/** What the filter and the order of a source are compiled for. */
export function contextOf({ settingKey, baseUrl }: PageRequest, { type }: ListSource): FilterContext {
  return { type, settingKey, baseUrl };
}

/** Whether a page holds the few resources that share a name, which nobody need measure: it is not cut. */
function isLookUp(request: PageRequest, source: ListSource): boolean {
  const { filter } = source;
  return filter !== undefined && !isCutEarly(request) && matchesFew(contextOf(request, source), filter);
}

/** The keys and the order of a walk. */
function compileWalk(request: PageRequest, source: ListSource): FoundPage {
  const { alias, key } = RESOURCE_TABLES[source.type];
  const { place, direction } = compilePlace(request, source);
  const [kind, id] = [rawSql(`'${source.type}'`), rawSql(`${alias}.id`)];
  const walk = sql`SELECT ${kind} AS kind, ${key} AS row_key, ${id} AS sort_value,
    ${rowSizeOf(source.type, source.withRelated)} AS size ${place}`;
  return { sql: walk, order: sql`sort_value ${direction}`, isMeasured: true };
}

/** The FROM, WHERE and order of a walk: no column of it says what is known. */
function compilePlace(request: PageRequest, source: ListSource): { place: Sql; direction: Sql } {
  const { from } = request;
  const isBackwards = from?.backwards ?? false;
  const plus = isNarrowed(request, source) ? "+" : "";
  const id = rawSql(`${plus}${RESOURCE_TABLES[source.type].alias}.id`);
  const after =
    from === undefined
      ? rawSql("TRUE")
      : sql`${id} ${rawSql(isBackwards ? "<" : ">")} ${compileResume(request, from.position, isBackwards)}`;
  const direction = rawSql(isBackwards ? "DESC" : "ASC");
  const place = sql`${restrict(request, source)} AND ${after} ORDER BY ${id} ${direction} ${windowOf(request)}`;
  assertFits(place);
  return { place, direction };
}

/** What a page weighs in a shared trip, and what one weighs whose few resources share a name. */
const PAGE_WEIGHT = 2;
const FEW_WEIGHT = 1;
/** How far (in resources) a page by index may lie for its rows to be skipped quickly. */
const NEAR = 1_000;

/** A page of one type shares a trip when an index leads to its rows, and few besides them are met. */
function weightOf(request: PageRequest): number | undefined {
  const { sources, offset } = request;
  const [source, ...others] = sources;
  if (source === undefined || others.length > 0) return undefined;
  const { type, filter, withRelated } = source;
  // The members of a group may be many.
  if (type === "Group" && withRelated) return undefined;
  if (filter === undefined) return isWalk(request, source) && offset <= NEAR ? PAGE_WEIGHT : undefined;
  return matchesFew(contextOf(request, source), filter) ? FEW_WEIGHT : undefined;
}

/** The look-ups of identity providers: no order, no page and no count for one resource at most. */
function listSole(request: PageRequest, source: ListSource): Read<ResourcePage> {
  const place = restrict(request, source);
  assertFits(place);
  const one = selectOne(source.type, place, source.withRelated);
  return {
    ...one,
    decode: (results) => {
      const found = one.decode(results);
      return found === null ? { placed: [], isCut: false, total: 0 } : { placed: [found], isCut: false, total: 1 };
    },
  };
}

/** The one source of a first page that can hold one resource at most, or null. */
function soleSource(request: PageRequest): ListSource | null {
  const { sources, limit, offset, from } = request;
  const [source, ...others] = sources;
  if (source?.filter === undefined || others.length > 0 || offset > 0 || limit < 1 || from !== undefined) return null;
  return matchesOneAtMost(contextOf(request, source), source.filter) ? source : null;
}

/** Refuses with 400 invalidFilter what needs more parameters than D1 has. */
export function assertFits(page: Sql): void {
  if (countParameters(page) > MAX_PARAMETERS)
    throw new ScimError(
      "filter_too_costly",
      "The filter compares too many different values. Split it into several requests.",
    );
}

function compilePage(request: PageRequest): FoundPage {
  const { sources, from } = request;
  const descending = request.descending !== (from?.backwards ?? false);
  const values = sources.map((source) => compileSortValue(contextOf(request, source), source.sortBy));
  const isNullable = values.some(({ nullable }) => nullable);
  const order = orderBy(isNullable, descending);
  const parts = sources.map((source, index) => {
    const { alias, key } = RESOURCE_TABLES[source.type];
    const sortValue = sql`${rawSql(isNarrowed(request, source) ? "+" : "")}${values[index]?.value ?? rawSql(`${alias}.id`)}`;
    return sql`SELECT ${rawSql(`'${source.type}'`)} AS kind, ${key} AS row_key, ${sortValue} AS sort_value ${restrict(request, source)}`;
  });
  const after = from === undefined ? rawSql("TRUE") : compileAfter(request, from.position, isNullable, descending);
  const all = joinSql(parts, " UNION ALL ");
  const page = sql`SELECT * FROM (${all}) WHERE ${after} ORDER BY ${order} ${windowOf(request)}`;
  assertFits(page);
  return { sql: page, order, isMeasured: false };
}

/** The condition, over `sort_value` and `row_key`, for what comes after the position that a page goes on from. */
export function compileAfter(request: PageRequest, position: Position, isNullable: boolean, descending: boolean): Sql {
  const value = position.value === null ? undefined : compileResume(request, position, descending);
  return afterPosition(isNullable, descending, value, position.key);
}

/** The sort value that a page goes on from. */
function compileResume(request: PageRequest, position: Position, descending: boolean): Sql {
  const rows = request.sources.map((source) => {
    const { from, alias, key } = RESOURCE_TABLES[source.type];
    const { value } = compileSortValue(contextOf(request, source), source.sortBy);
    const isRow = sql`${key} = ${position.key} AND ${rawSql(alias)}.setting_key = ${request.settingKey}`;
    return sql`SELECT ${value} AS v FROM ${from} WHERE ${isRow}`;
  });
  return resumeValue(position, joinSql(rows, " UNION ALL "), descending);
}

/** For a bare parameter there SQLite would compile the statement anew at each run, as it plans by the bound value. */
function windowOf({ limit, offset }: PageRequest): Sql {
  return sql`LIMIT ${limit} + 0 OFFSET ${offset} + 0`;
}

function compileCount(request: PageRequest): Sql {
  const counts = request.sources.map((source) => sql`(SELECT count(*) ${restrict(request, source)})`);
  return joinSql(counts, " + ");
}

/**
 * The FROM and WHERE of one type's matches. SQLite rather walks a setting in order than sort what an index leaves, not
 * knowing how little that is; a unary plus keeps it from using an index for the setting, or for the order, there.
 */
function restrict(request: PageRequest, source: ListSource): Sql {
  const { filter, among, onlyIf } = source;
  const { from, alias, key } = RESOURCE_TABLES[source.type];
  const context = contextOf(request, source);
  const condition = filter === undefined ? rawSql("TRUE") : compileFilter(context, filter);
  const isByKey = among !== undefined || (filter !== undefined && narrowedBy(context, filter) === "key");
  const plus = isByKey ? "+" : "";
  const setting =
    onlyIf === undefined ? sql`${request.settingKey}` : sql`CASE WHEN ${onlyIf} THEN ${request.settingKey} END`;
  const isAmong = among === undefined ? rawSql("") : sql` AND ${key} IN (${among})`;
  return sql`FROM ${from} WHERE ${rawSql(`${plus}${alias}`)}.setting_key = ${setting}${isAmong} AND ${condition}`;
}
