import { NOTHING, type Read, rowsOf } from "../platform/read-batch.ts";
import { countParameters, literal, rawSql, type Sql, sql } from "../platform/sql.ts";
import { compileFilter } from "./compile-filter.ts";
import { isIndexedSort } from "./compile-sort.ts";
import { candidateKeysOf, matchesFew } from "./indexed-condition.ts";
import { contextOf, type ListSource, listResources, type PageRequest, type ResourcePage } from "./list-resources.ts";
import { type LookedUp, lookedUpAttribute } from "./looked-up-attribute.ts";

/** Resources that one statement tests and sorts, where an index leads to them. */
const FEW = 500;
/** Parameters a filter may have for what leads to its resources to fit in beside it. */
const ROOM_FOR_FILTER = 80;

/**
 * Reads a page by what an index gives, in statements for the request's one batch. The read gives null where no index
 * answers, or the index gives too much: then the list is to be walked (`walkList`), and before that nothing of it is read.
 */
export function attemptList(request: PageRequest): Read<ResourcePage | null> {
  if (request.sources.every((source) => isIndexed(request, source))) return listResources(request);
  const [source, ...others] = request.sources;
  if (source?.filter === undefined || others.length > 0) return NOTHING;
  const context = contextOf(request, source);
  const candidateKeys = candidateKeysOf(context, source.filter);
  if (candidateKeys !== null) return amongFew(request, source, { candidateKeys, isThere: rawSql("TRUE") });
  const lookedUp = lookedUpAttribute(source.type, source.filter);
  if (lookedUp === null || countParameters(compileFilter(context, source.filter)) > ROOM_FOR_FILTER) return NOTHING;
  return amongFew(request, source, ofAttribute(request.settingKey, lookedUp));
}

/** The attribute by which a list looks for users and which its setting may have an index of its own for, or null. */
export function lookedUpIn({ sources }: Pick<PageRequest, "sources">): LookedUp | null {
  const [source, ...others] = sources;
  return source?.filter === undefined || others.length > 0 ? null : lookedUpAttribute(source.type, source.filter);
}

function isIndexed(request: PageRequest, source: ListSource): boolean {
  const { filter, sortBy } = source;
  if (filter === undefined) return isIndexedSort(source.type, sortBy);
  return matchesFew(contextOf(request, source), filter);
}

/** Selects the keys of what may match, and says whether there is an index that knows. */
interface CandidateKeys {
  candidateKeys: Sql;
  isThere: Sql;
}

function ofAttribute(settingKey: number, { path, valueKey }: LookedUp): CandidateKeys {
  const index = sql`(SELECT index_key FROM attribute_indexes
    WHERE setting_key = ${settingKey} AND path = ${path} AND completed_at IS NOT NULL)`;
  return {
    candidateKeys: sql`SELECT user_key FROM attribute_keys WHERE index_key = ${index} AND value_key = ${valueKey}`,
    isThere: sql`${index} IS NOT NULL`,
  };
}

function amongFew(
  request: PageRequest,
  source: ListSource,
  { candidateKeys, isThere }: CandidateKeys,
): Read<ResourcePage | null> {
  const some = sql`SELECT * FROM (${candidateKeys}) LIMIT ${literal(FEW + 1)}`;
  const page = listResources({ ...request, sources: [{ ...source, among: some }] });
  return {
    statements: [sql`SELECT ${isThere} AS isThere, (SELECT count(*) FROM (${some})) AS candidates`, ...page.statements],
    decode: ([found, ...own]) => {
      const [{ isThere: there, candidates } = { isThere: 0, candidates: 0 }] = rowsOf<Found>(found);
      return there === 1 && candidates <= FEW ? page.decode(own) : null;
    },
  };
}

interface Found {
  isThere: number;
  candidates: number;
}
