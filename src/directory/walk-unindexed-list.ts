import type { Bounds, Reads } from "../companies/split-long-reads.ts";
import { toPosition } from "../platform/list-position.ts";
import { type Read, rowsOf } from "../platform/read-batch.ts";
import { literal, rawSql, type Sql, type SqlValue, sql } from "../platform/sql.ts";
import { compareCodePoints } from "../scim/compare-code-points.ts";
import type { Filter } from "../scim/filter/parse-filter.ts";
import { ScimError } from "../scim/scim-error.ts";
import { hasFew, nextAfter, SPAN_END, type SpanEnd, withSpan } from "./bounded-id-span.ts";
import { compileFilter } from "./compile-filter.ts";
import { compileSortValue, orderBy } from "./compile-sort.ts";
import { budgetOf } from "./cut-page-by-size.ts";
import {
  assertFits,
  compileAfter,
  contextOf,
  type ListSource,
  listResources,
  type PageRequest,
  type ResourcePage,
} from "./list-resources.ts";
import { RESOURCE_TABLES, type ResourceName } from "./resource-tables.ts";
import { type PlacedPage, selectResources } from "./select-resources.ts";

/** A setting of so few resources, and so little text, is read in one statement, and its answer is of one moment. */
const SMALL = { rows: 100, bytes: 262_144 };
/** Characters of sort values that may have to be remembered to find a page. */
const MOST_REMEMBERED = 8_000_000;

/** Members of a group that one statement looks at. */
const MOST_MEMBERS = 20_000;

/** A resource that was met and may be on the page. */
interface Met {
  type: ResourceName;
  key: number;
  value: SqlValue;
}

/** What one statement of a walk found. */
interface Stretch {
  met: Met[];
  matches: number;
  /** The id that the next stretch begins after; null after the last. */
  edge: string | null;
}

/**
 * Reads a page that no index answers, with the number of all matches: each statement looks at a bounded number of
 * resources, so that what it tells of the first may be older than what it tells of the last. Where the number of all is known
 * already (`total`), a page in the order of ids is looked for no further than it goes.
 */
export async function walkList(request: PageRequest, reads: Reads, total: number | null = null): Promise<ResourcePage> {
  const small = total === null ? await reads.once(readSmall(request)) : null;
  if (small !== null) return small;
  const walk = new Walk(request, reads);
  const matches = await walk.run(total !== null);
  return { ...(await walk.page()), total: total ?? matches };
}

/** Reads the page at once where the setting has little; null where it has not. */
function readSmall(request: PageRequest): Read<ResourcePage | null> {
  const guards = request.sources.map(({ type }) => hasFew(type, request.settingKey, SMALL));
  const page = listResources({
    ...request,
    sources: request.sources.map((source, index) => ({ ...source, onlyIf: guards[index] })),
  });
  const both = guards.reduce((left, right) => sql`${left} AND ${right}`);
  return {
    statements: [sql`SELECT ${both} AS isSmall`, ...page.statements],
    decode: ([answer, ...own]) => {
      const read = page.decode(own);
      return rowsOf<{ isSmall: number }>(answer)[0]?.isSmall === 1 ? read : null;
    },
  };
}

class Walk {
  readonly #request: PageRequest;
  readonly #reads: Reads;
  readonly #isDescending: boolean;
  readonly #isNullable: boolean;
  readonly #wanted: number;
  #met: Met[] = [];

  constructor(request: PageRequest, reads: Reads) {
    this.#request = request;
    this.#reads = reads;
    this.#isDescending = request.descending !== (request.from?.backwards ?? false);
    this.#isNullable = request.sources.some((source) => this.#sortValueOf(source).nullable);
    this.#wanted = request.limit === 0 ? 0 : request.limit + request.offset;
  }

  /** Goes through all resources, or only to the end of the page; gives how many matched. */
  async run(isTotalKnown: boolean): Promise<number> {
    let matches = 0;
    const { sources, from } = this.#request;
    for (const source of sources) {
      const isInOrder = source.sortBy === undefined && !this.#isDescending;
      const first = isTotalKnown && isInOrder && typeof from?.position.value === "string" ? from.position.value : "";
      for (let edge: string | null = first; edge !== null; ) {
        const after: string = edge;
        const stretch: Stretch = await this.#reads.run((bounds) => this.#readStretch(source, after, bounds));
        matches += stretch.matches;
        this.#remember(stretch.met);
        const isFull = isTotalKnown && isInOrder && this.#met.length >= this.#wanted;
        edge = isFull && sources.length === 1 ? null : stretch.edge;
      }
    }
    return matches;
  }

  /** Reads the resources of the page, as far as a page goes. */
  async page(): Promise<PlacedPage> {
    const { sources, offset, from } = this.#request;
    const met = this.#met.slice(offset);
    if (met.length === 0) return { placed: [], isCut: false };
    const keys = JSON.stringify(met.map(({ type, key }) => [type, key]));
    const page = {
      sql: sql`SELECT j.value->>0 AS kind, j.value->>1 AS row_key, j.key AS sort_value FROM json_each(${keys}) j`,
      order: rawSql("sort_value"),
      isMeasured: false,
    };
    const types = sources.map(({ type }) => type);
    const related = sources.filter(({ withRelated }) => withRelated).map(({ type }) => type);
    const read = await this.#reads.once(selectResources(page, budgetOf(this.#request), types, related));
    const values = new Map(met.map(({ key, value }) => [key, value]));
    // One that has gone since it was met is left out.
    const placed = read.placed.map(({ resource, position: { key } }) => ({
      resource,
      position: toPosition(values.get(key) ?? null, key),
    }));
    return { placed: from?.backwards === true ? placed.reverse() : placed, isCut: read.isCut };
  }

  #readStretch(source: ListSource, after: string, bounds: Bounds): Read<Stretch> {
    const { type, filter } = source;
    const { settingKey } = this.#request;
    const { alias, from, key } = RESOURCE_TABLES[type];
    const condition = filter === undefined ? rawSql("TRUE") : compileFilter(contextOf(this.#request, source), filter);
    const { value } = this.#sortValueOf(source);
    const isVast = looksAtMembers(source)
      ? sql`${rawSql(alias)}.member_count > ${literal(MOST_MEMBERS)}`
      : rawSql("FALSE");
    const statement = sql`${withSpan({ type, settingKey, after, bounds })},
      found AS MATERIALIZED (SELECT ${key} AS row_key, ${value} AS sort_value FROM span s
        CROSS JOIN ${from} ON ${key} = s.k WHERE ${rawSql(`+${alias}`)}.setting_key = ${settingKey} AND NOT ${isVast} AND ${condition})
      SELECT NULL AS row_key, NULL AS sort_value, (SELECT count(*) FROM found) AS matches,
        (SELECT count(*) FROM span s CROSS JOIN ${from} ON ${key} = s.k WHERE ${isVast}) AS vast, ${SPAN_END}
      UNION ALL SELECT row_key, sort_value, NULL, NULL, NULL, NULL, NULL FROM (SELECT row_key, sort_value FROM found
        WHERE ${this.#isAfter()} ORDER BY ${orderBy(this.#isNullable, this.#isDescending)} LIMIT ${literal(this.#wanted)})`;
    assertFits(statement);
    return { statements: [statement], decode: ([found]) => toStretch(type, rowsOf<StretchRow>(found), bounds) };
  }

  #isAfter(): Sql {
    const { from } = this.#request;
    if (from === undefined) return rawSql("TRUE");
    return compileAfter(this.#request, from.position, this.#isNullable, this.#isDescending);
  }

  #sortValueOf(source: ListSource): { value: Sql; nullable: boolean } {
    return compileSortValue(contextOf(this.#request, source), source.sortBy);
  }

  /** Keeps the first of all that was met, as far as the page goes. */
  #remember(met: readonly Met[]): void {
    if (met.length === 0) return;
    const sign = this.#isDescending ? -1 : 1;
    this.#met = [...this.#met, ...met].sort((a, b) => sign * compareMet(a, b)).slice(0, this.#wanted);
    let characters = 0;
    for (const { value } of this.#met) characters += typeof value === "string" ? value.length : 0;
    if (characters > MOST_REMEMBERED)
      throw new ScimError(
        "filter_too_costly",
        "The values to sort by are too long for a page so far into the list. Go through it by cursor.",
      );
  }
}

interface StretchRow extends SpanEnd {
  row_key: number | null;
  sort_value: SqlValue;
  matches: number | null;
  /** Groups that were left out: they have too many members to look at in one statement. */
  vast: number | null;
}

function toStretch(type: ResourceName, rows: readonly StretchRow[], bounds: Bounds): Stretch {
  const about = rows.find((row) => row.row_key === null);
  if (Number(about?.vast ?? 0) > 0)
    throw new ScimError(
      "filter_too_costly",
      `A group here has more than ${MOST_MEMBERS} members, too many to compare or sort one by one. At any time: members.value eq an id.`,
    );
  return {
    met: rows.flatMap(({ row_key: key, sort_value: value }) => (key === null ? [] : [{ type, key, value }])),
    matches: Number(about?.matches ?? 0),
    edge: nextAfter(about, bounds),
  };
}

/** Whether what is asked of groups looks at their members one by one. */
function looksAtMembers({ type, filter, sortBy }: ListSource): boolean {
  if (type !== "Group") return false;
  return sortBy?.attribute.storedApart === true || (filter !== undefined && comparesMembers(filter));
}

function comparesMembers(filter: Filter): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
      return comparesMembers(filter.left) || comparesMembers(filter.right);
    case "not":
      return comparesMembers(filter.operand);
    case "valuePath":
      return filter.path.attribute.storedApart;
    case "present":
      // Any member will do.
      return false;
    case "compare":
      return (
        filter.path.attribute.storedApart && !(filter.operator === "eq" && filter.path.subAttribute?.name === "value")
      );
  }
}

/** The order of `orderBy`, ascending: numbers before texts, those by code point; what has no value comes last; keys break ties. */
function compareMet(a: Met, b: Met): number {
  return compareValues(a.value, b.value) || a.key - b.key;
}

function compareValues(a: SqlValue, b: SqlValue): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === "string" && typeof b === "string") return compareCodePoints(a, b);
  if (typeof a === "number" && typeof b === "number") return a - b;
  return typeof a === "number" ? -1 : 1;
}
