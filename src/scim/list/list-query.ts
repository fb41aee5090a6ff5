import { type Projection, parseProjection } from "../attribute-projection.ts";
import { type Filter, parseFilter } from "../filter/parse-filter.ts";
import { foldCase } from "../fold-case.ts";
import { equalJson, type Json, type JsonObject } from "../json.ts";
import type { RefusalCode } from "../refusal-causes.ts";
import type { ResolvedPath } from "../schema/attribute-name.ts";
import type { ResourceType } from "../schema/schema.ts";
import { quote, ScimError } from "../scim-error.ts";
import { parseSortBy } from "./sort-by.ts";

/** How many resources a page holds when the client does not say. */
export const DEFAULT_COUNT = 100;

/** How many resources a page holds at most. */
export const MAX_COUNT = 200;

/** A query of a list, read and resolved (RFC 7644 section 3.4.2, RFC 9865 section 2). */
export interface ListQuery {
  filter?: Filter;
  /** The filter as the client wrote it. */
  filterText?: string;
  sortBy?: ResolvedPath;
  sortOrder: "ascending" | "descending";
  /** The first resource wanted, from 1. */
  startIndex: number;
  /** Resources on a page, 0 to MAX_COUNT; undefined when the client did not say. */
  count?: number;
  /** The cursor of the wanted page; "" asks for the first page of a walk by cursor. */
  cursor?: string;
  projection: Projection;
}

/**
 * Reads the parameters of a GET, or the body of a POST to `/.search` (RFC 7644 section 3.4.3). `others` are the further
 * resource types of a query across types.
 */
export function parseListQuery(
  type: ResourceType,
  params: URLSearchParams | JsonObject,
  others: readonly ResourceType[] = [],
): ListQuery {
  const sent = params instanceof URLSearchParams ? fromParameters(params) : fromBody(params);
  const filterText = readText(sent.filter, "filter", "invalid_filter");
  const sortBy = readText(sent.sortby, "sortBy", "invalid_parameter");
  const cursor = readCursor(sent.cursor);
  const count = readInteger(sent.count, "count", cursor === undefined ? "invalid_parameter" : "invalid_count");
  return {
    ...(filterText === undefined ? {} : { filter: parseFilter(type, filterText, others), filterText }),
    ...(sortBy === undefined ? {} : { sortBy: parseSortBy(type, sortBy, others) }),
    sortOrder: readSortOrder(sent.sortorder),
    startIndex: Math.max(1, readInteger(sent.startindex, "startIndex", "invalid_parameter") ?? 1),
    ...(count === undefined ? {} : { count: Math.min(MAX_COUNT, Math.max(0, count)) }),
    ...(cursor === undefined ? {} : { cursor }),
    projection: parseProjection(type, readNames(sent.attributes), readNames(sent.excludedattributes), others),
  };
}

type Sent = Partial<Record<string, Json>>;

/** Names of parameters in any case; of a repeated one the first counts, except that lists of attributes are joined. */
function fromParameters(params: URLSearchParams): Sent {
  const sent: Sent = Object.create(null);
  for (const [name, value] of params) {
    const key = foldCase(name);
    const before = sent[key];
    if (before === undefined) sent[key] = value;
    else if (key === "attributes" || key === "excludedattributes") sent[key] = `${before},${value}`;
  }
  return sent;
}

/** Names of a body in any case; what two spellings of one say differently is 400 invalidValue. */
function fromBody(body: JsonObject): Sent {
  const sent: Sent = Object.create(null);
  for (const name of Object.keys(body)) {
    if (body[name] === null) continue;
    const key = foldCase(name);
    if (sent[key] !== undefined && !equalJson(sent[key], body[name]))
      throw new ScimError("invalid_parameter", `${name} is given more than once, with different values.`);
    sent[key] = body[name];
  }
  return sent;
}

function readText(value: Json | undefined, name: string, code: RefusalCode): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw new ScimError(code, `${name} must be a string.`);
  return value.trim() === "" ? undefined : value;
}

function readCursor(value: Json | undefined): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw new ScimError("invalid_cursor", "cursor must be a string.");
}

/** Whole numbers only; something that is no number is refused rather than guessed at. */
function readInteger(value: Json | undefined, name: string, code: RefusalCode): number | undefined {
  if (value === undefined || value === "") return undefined;
  const text = typeof value === "number" || typeof value === "string" ? String(value).trim() : "";
  if (!/^[+-]?\d{1,15}$/.test(text))
    throw new ScimError(code, `${name} must be a whole number, not ${quote(String(value))}.`);
  return Number(text);
}

function readSortOrder(value: Json | undefined): "ascending" | "descending" {
  if (value === undefined || value === "") return "ascending";
  const order = typeof value === "string" ? foldCase(value.trim()) : "";
  if (order === "ascending" || order === "descending") return order;
  throw new ScimError("invalid_parameter", "sortOrder must be ascending or descending.");
}

function readNames(value: Json | undefined): string | string[] | undefined {
  if (value === undefined || typeof value === "string") return value;
  if (Array.isArray(value) && value.every((name) => typeof name === "string")) return value;
  throw new ScimError("invalid_parameter", "attributes and excludedAttributes must be lists of names.");
}
