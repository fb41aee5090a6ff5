import { balance, countParameters, type Sql, sql } from "../platform/sql.ts";
import type { Filter } from "../scim/filter/parse-filter.ts";
import type { Attribute } from "../scim/schema/schema.ts";
import { ScimError } from "../scim/scim-error.ts";
import { type AttributeSource, type FilterContext, isExact, type Renderings, sourceOf } from "./attribute-source.ts";
import { comparedAttribute, compareValue, passesNull, presentValue } from "./compile-comparison.ts";
import { type IndexedCondition, indexedCondition, narrowedBy } from "./indexed-condition.ts";

/** Parameters a filter may take of the 100 that D1 allows: the rest is for the query around it. */
const MAX_FILTER_PARAMETERS = 90;

/**
 * Most comparisons that no index answers: each reads every document of a setting, and D1 answers one query at a time for
 * all companies. Fifty of them took a minute for 100,000 people.
 */
const MAX_WALKING_TERMS = 8;

/**
 * Compiles a filter to an SQL condition over `u` (users) or `g` (groups) that is 0 or 1 for every row, and the same as
 * the rules at Filter say of it. Refuses with 400 invalidFilter what needs more parameters than D1 has, or too much of it.
 */
export function compileFilter(context: FilterContext, filter: Filter): Sql {
  if (narrowedBy(context, filter) === null && countWalking(context, filter) > MAX_WALKING_TERMS)
    throw new ScimError(
      "filter_too_costly",
      `The filter has more than ${MAX_WALKING_TERMS} comparisons that no index answers. Split it into several requests.`,
    );
  const compiled = compile(context, filter);
  if (countParameters(compiled) > MAX_FILTER_PARAMETERS)
    throw new ScimError(
      "filter_too_costly",
      `The filter compares too many different values: it needs more than ${MAX_FILTER_PARAMETERS} parameters. Split it into several requests.`,
    );
  return compiled;
}

function countWalking(context: FilterContext, filter: Filter): number {
  switch (filter.kind) {
    case "and":
    case "or":
      return countWalking(context, filter.left) + countWalking(context, filter.right);
    case "not":
      return countWalking(context, filter.operand);
    case "compare":
      return indexedCondition(context, filter) === null ? 1 : 0;
    case "present":
      return 1;
    case "valuePath": {
      const isNarrowed = operandsOf(filter.filter, "and").some(
        (operand) => indexedCondition(context, operand) !== null,
      );
      return isNarrowed ? 0 : countWalking(context, filter.filter);
    }
  }
}

function compile(context: FilterContext, filter: Filter): Sql {
  switch (filter.kind) {
    case "and":
    case "or":
      return compileChain(filter, (operand) => compile(context, operand));
    case "not":
      return sql`NOT (${compile(context, filter.operand)})`;
    case "compare":
      return withIndex(indexedCondition(context, filter), () => compileCompare(sourceOf(context, filter.path), filter));
    case "present":
      return compilePresent(sourceOf(context, filter.path), filter.path.subAttribute, filter.path.attribute);
    case "valuePath":
      return compileValuePath(context, filter);
  }
}

function compileChain(filter: Extract<Filter, { kind: "and" | "or" }>, compileOne: (operand: Filter) => Sql): Sql {
  return balance(operandsOf(filter, filter.kind).map(compileOne), filter.kind === "and" ? "AND" : "OR");
}

function operandsOf(filter: Filter, kind: "and" | "or"): Filter[] {
  return filter.kind === kind ? [...operandsOf(filter.left, kind), ...operandsOf(filter.right, kind)] : [filter];
}

function withIndex(indexed: IndexedCondition | null, test: () => Sql): Sql {
  if (indexed === null) return test();
  const condition = indexed.condition();
  return indexed.exact ? condition : sql`(${condition} AND ${test()})`;
}

/** Any value passes; without elements there is exactly one value, null (rules 1 and 2 of Filter). */
function compileCompare(source: AttributeSource, filter: Extract<Filter, { kind: "compare" }>): Sql {
  const condition = compareValue(filter, source.value(filter.path.subAttribute));
  if (source.from === undefined) return condition;
  const from = source.from(renderingsOf(filter));
  const any = sql`EXISTS (SELECT 1 FROM ${from} WHERE ${condition})`;
  return passesNull(filter) ? sql`(NOT EXISTS (SELECT 1 FROM ${from}) OR ${any})` : any;
}

function compilePresent(source: AttributeSource, sub: Attribute | undefined, attribute: Attribute): Sql {
  if (source.from === undefined) {
    return sub === undefined && attribute.type === "complex" ? source.there : presentValue(source.value(sub));
  }
  if (sub === undefined && attribute.type === "complex") return source.there;
  const exact = isExact(sub ?? attribute);
  const from = source.from({ exact, folded: !exact });
  // An object that no schema describes is there, though it is no value to compare with.
  if (sub === undefined && source.element !== undefined)
    return sql`EXISTS (SELECT 1 FROM ${from} WHERE ${source.element})`;
  return sql`EXISTS (SELECT 1 FROM ${from} WHERE ${presentValue(source.value(sub))})`;
}

/** Any element passes the whole inner filter (rule 4 of Filter). */
function compileValuePath(context: FilterContext, { path, filter }: Extract<Filter, { kind: "valuePath" }>): Sql {
  const source = sourceOf(context, path);
  const condition = compileElement(source, filter);
  const test = (): Sql => {
    if (source.from === undefined) return sql`(${source.there} AND ${condition})`;
    const matches = source.element === undefined ? condition : sql`(${source.element} AND ${condition})`;
    return sql`EXISTS (SELECT 1 FROM ${source.from(renderingsOf(filter))} WHERE ${matches})`;
  };
  if (filter.kind === "compare") return withIndex(indexedCondition(context, filter), test);
  const indexed = operandsOf(filter, "and").map((operand) => indexedCondition(context, operand));
  const narrowing = indexed.filter((one) => one !== null).map((one) => one.condition());
  return balance([...narrowing, test()], "AND");
}

function compileElement(source: AttributeSource, filter: Filter): Sql {
  switch (filter.kind) {
    case "and":
    case "or":
      return compileChain(filter, (operand) => compileElement(source, operand));
    case "not":
      return sql`NOT (${compileElement(source, filter.operand)})`;
    case "compare":
      return compareValue(filter, source.value(filter.path.subAttribute));
    case "present":
      return presentValue(source.value(filter.path.subAttribute));
    case "valuePath":
      return sql`FALSE`;
  }
}

/** Which renderings of the elements the comparisons of a filter read. */
function renderingsOf(filter: Filter): Renderings {
  switch (filter.kind) {
    case "and":
    case "or": {
      const left = renderingsOf(filter.left);
      const right = renderingsOf(filter.right);
      return { exact: left.exact || right.exact, folded: left.folded || right.folded };
    }
    case "not":
      return renderingsOf(filter.operand);
    case "valuePath":
      return renderingsOf(filter.filter);
    case "compare": {
      const exact = isExact(comparedAttribute(filter));
      return { exact, folded: !exact };
    }
    case "present": {
      const exact = isExact(filter.path.subAttribute ?? filter.path.attribute);
      return { exact, folded: !exact };
    }
  }
}
