import { foldCase } from "../fold-case.ts";
import { isKnown, printPath, type ResolvedPath, resolveName, toSimple } from "../schema/attribute-name.ts";
import { findSubAttribute, type ResourceType } from "../schema/schema.ts";
import { quote } from "../scim-error.ts";
import { type CompareOperator, isCompareOperator, readLiteral } from "./comparison-literal.ts";
import { describeToken, filterError, type Token, tokenize } from "./tokenize.ts";

/**
 * A filter resolved against a resource type (RFC 7644 section 3.4.2.2). In a `compare` node the path always leads to a
 * simple attribute: for a complex one named alone, or one that no schema describes, the sub-attribute `value` is filled in. Inside a `valuePath` the paths
 * keep the outer attribute and are read from one element of it. `value` is already of the attribute's type: boolean,
 * number, an ISO 8601 UTC time for a dateTime, else string; null means "no value".
 *
 * Which full resources (with id, meta, and groups or members when those count) pass it; what the text of the RFC leaves
 * open is decided here:
 *
 * 1. The values of a path: the attribute is read from the resource, or from the object under the extension's URN. A
 *    multi-valued attribute gives one value per element, a single-valued one gives one value; with a sub-attribute, that
 *    of each element. A missing sub-attribute of an element gives null. When there is no element, or the attribute or its
 *    extension is missing, the values are exactly one null. Canonical documents hold no null, "", [] or {}.
 * 2. `compare` is true when ANY value passes. Against a value v and a literal l:
 *    - l null: `eq` when v is null, `ne` when it is not.
 *    - v null, l not null: only `ne` passes.
 *    - string, reference, binary: both folded (foldCase) unless caseExact. eq, ne: same text. co, sw, ew: substring,
 *      prefix, suffix; an empty literal is in every non-null value. gt, ge, lt, le: order of code points of those texts.
 *    - boolean: eq, ne. integer, decimal: numeric order. dateTime: order in time, to the millisecond.
 *    - an attribute of an open extension: text as above; numbers and booleans count as their JSON text, but what is a number
 *      on both sides has numeric order; an array counts as several values; an object counts as its `value`, as that of a
 *      complex attribute does, and as null without one.
 *    So `ne` on a multi-valued attribute means "some value differs", not "no value equals": write not (x eq "y") for that.
 * 3. `present` is true when any value is not null; for a complex attribute without a sub-attribute, when it is there at
 *    all with something in it.
 * 4. `valuePath` is true when ANY element (or the one value of a single-valued complex attribute) passes the whole inner
 *    filter; rules 2 and 3 apply to that element alone. Without elements it is false, whatever the inner filter.
 * 5. `and`, `or`, `not` are two-valued: a comparison is true or false, never unknown.
 */
export type Filter =
  | { kind: "and" | "or"; left: Filter; right: Filter }
  | { kind: "not"; operand: Filter }
  | { kind: "compare"; path: ResolvedPath; operator: CompareOperator; value: string | number | boolean | null }
  | { kind: "present"; path: ResolvedPath }
  | { kind: "valuePath"; path: ResolvedPath; filter: Filter };

/** Most comparisons a filter may hold; D1 allows 100 parameters and an expression depth of 100. */
export const MAX_FILTER_TERMS = 50;

/** Deepest nesting of parentheses and value paths a filter may have. */
const MAX_FILTER_DEPTH = 20;

/**
 * Reads a filter for a resource type; every refusal is 400 invalidFilter with the position (RFC 7644 section 3.4.2.2). In
 * a query across types the `others` lend their attributes, which resources of this type simply do not have (RFC 7644
 * section 3.4.2.1).
 */
export function parseFilter(type: ResourceType, text: string, others: readonly ResourceType[] = []): Filter {
  return new FilterParser([type, ...others], tokenize(text), undefined).parseAll();
}

/** Reads what stands between the brackets of `attribute[...]`, with names that are sub-attributes (RFC 7644 figure 1). */
export function parseValueFilter(type: ResourceType, outer: ResolvedPath, text: string, offset: number): Filter {
  return new FilterParser([type], tokenize(text, offset), outer).parseAll();
}

/** How many comparisons a filter holds. */
export function countComparisons(filter: Filter): number {
  switch (filter.kind) {
    case "and":
    case "or":
      return countComparisons(filter.left) + countComparisons(filter.right);
    case "not":
      return countComparisons(filter.operand);
    case "valuePath":
      return countComparisons(filter.filter);
    default:
      return 1;
  }
}

/** Prints a filter in canonical form; reading it again gives the same filter. */
export function printFilter(filter: Filter): string {
  return print(filter, undefined);
}

function print(filter: Filter, outer: ResolvedPath | undefined): string {
  switch (filter.kind) {
    case "and":
    case "or": {
      const wrap = (side: Filter, isRight: boolean) => {
        const text = print(side, outer);
        const loose = side.kind === "or" && filter.kind === "and";
        return loose || (isRight && side.kind === filter.kind) ? `(${text})` : text;
      };
      return `${wrap(filter.left, false)} ${filter.kind} ${wrap(filter.right, true)}`;
    }
    case "not":
      return `not (${print(filter.operand, outer)})`;
    case "present":
      return `${printInner(filter.path, outer)} pr`;
    case "compare":
      return `${printInner(filter.path, outer)} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case "valuePath":
      return `${printPath(filter.path)}[${print(filter.filter, filter.path)}]`;
  }
}

function printInner(path: ResolvedPath, outer: ResolvedPath | undefined): string {
  return outer === undefined ? printPath(path) : (path.subAttribute?.name ?? path.attribute.name);
}

/** Recursive descent: or, then and, then not, then one term. */
class FilterParser {
  readonly #types: readonly ResourceType[];
  readonly #tokens: readonly Token[];
  #outer: ResolvedPath | undefined;
  #next = 0;
  #terms = 0;
  #depth = 0;

  constructor(types: readonly ResourceType[], tokens: readonly Token[], outer: ResolvedPath | undefined) {
    this.#types = types;
    this.#tokens = tokens;
    this.#outer = outer;
  }

  parseAll(): Filter {
    const filter = this.#parseOr();
    const token = this.#peek();
    if (token.kind !== "end") throw filterError(token.position, `${describeToken(token)} was not expected here`);
    return filter;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", position: 0 };
  }

  #consume(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #consumeKeyword(keyword: string): boolean {
    const token = this.#peek();
    if (token.kind !== "word" || foldCase(token.text) !== keyword) return false;
    this.#next++;
    return true;
  }

  #parseOr(): Filter {
    let left = this.#parseAnd();
    while (this.#consumeKeyword("or")) left = { kind: "or", left, right: this.#parseAnd() };
    return left;
  }

  #parseAnd(): Filter {
    let left = this.#parseTerm();
    while (this.#consumeKeyword("and")) left = { kind: "and", left, right: this.#parseTerm() };
    return left;
  }

  #parseTerm(): Filter {
    const token = this.#consume();
    if (token.kind === "(") return this.#parseUntil(")", token.position);
    if (token.kind !== "word")
      throw filterError(token.position, `an attribute was expected, not ${describeToken(token)}`);
    if (foldCase(token.text) === "not") {
      const bracket = this.#consume();
      if (bracket.kind !== "(") throw filterError(bracket.position, `"(" was expected after not`);
      return { kind: "not", operand: this.#parseUntil(")", bracket.position) };
    }
    return this.#parseExpression(token.text, token.position);
  }

  /** Reads a filter up to a closing bracket, one level deeper. */
  #parseUntil(closing: ")" | "]", opened: number): Filter {
    if (++this.#depth > MAX_FILTER_DEPTH)
      throw filterError(opened, `a filter may nest at most ${MAX_FILTER_DEPTH} levels deep`);
    const filter = this.#parseOr();
    const token = this.#consume();
    if (token.kind !== closing)
      throw filterError(token.position, `"${closing}" was expected, not ${describeToken(token)}`);
    this.#depth--;
    return filter;
  }

  #parseExpression(text: string, position: number): Filter {
    if (++this.#terms > MAX_FILTER_TERMS)
      throw filterError(position, `a filter may hold at most ${MAX_FILTER_TERMS} comparisons`);
    const path = this.#resolve(text, position);
    if (this.#peek().kind === "[") return this.#parseValuePath(path, position);
    return this.#parseOperator(path, position);
  }

  #resolve(text: string, position: number): ResolvedPath {
    if (this.#outer !== undefined) {
      const subAttribute = findSubAttribute(this.#outer.attribute, text);
      if (subAttribute !== undefined) return { ...this.#outer, subAttribute };
      throw filterError(position, `${quote(text)} is not a sub-attribute of ${this.#outer.attribute.name}`);
    }
    for (const type of this.#types) {
      const name = resolveName(type, text);
      if (name.kind === "malformed")
        throw filterError(position + name.position, `${quote(text)} is not an attribute (${name.reason})`);
      if (name.kind === "attribute" && isKnown(type, name)) return this.#assertFilterable(name.path, position);
    }
    const names = this.#types.map((type) => type.name).join(" or ");
    throw filterError(position, `no schema of ${names} has an attribute ${quote(text)}`);
  }

  #assertFilterable(path: ResolvedPath, position: number): ResolvedPath {
    if (path.attribute.returned === "never" || path.subAttribute?.returned === "never")
      throw filterError(position, `${path.attribute.name} cannot be filtered on`);
    return path;
  }

  #parseValuePath(path: ResolvedPath, position: number): Filter {
    const bracket = this.#consume();
    if (this.#outer !== undefined) throw filterError(bracket.position, "a value path may not stand inside another");
    if (path.subAttribute !== undefined || (path.attribute.type !== "complex" && !path.attribute.open))
      throw filterError(bracket.position, `${printPath(path)} has no sub-attributes to select by`);
    this.#outer = path;
    let filter = this.#parseUntil("]", bracket.position);
    // `emails[type eq "work"].value eq "x"` is what Entra asks; the RFC's grammar has it only in PATCH paths.
    const token = this.#peek();
    if (token.kind === "word" && token.text.startsWith(".")) {
      this.#next++;
      const inner = this.#resolve(token.text.slice(1), token.position + 1);
      filter = { kind: "and", left: filter, right: this.#parseOperator(inner, position) };
    }
    this.#outer = undefined;
    return { kind: "valuePath", path, filter };
  }

  #parseOperator(path: ResolvedPath, position: number): Filter {
    const token = this.#consume();
    if (token.kind !== "word")
      throw filterError(token.position, `an operator was expected, not ${describeToken(token)}`);
    const operator = foldCase(token.text);
    if (operator === "pr") return { kind: "present", path };
    if (!isCompareOperator(operator)) throw filterError(token.position, `${quote(token.text)} is not an operator`);
    const target = this.#simplePath(path, position);
    const value = readLiteral(target.subAttribute ?? target.attribute, operator, this.#consume(), token.position);
    return { kind: "compare", path: target, operator, value };
  }

  #simplePath(path: ResolvedPath, position: number): ResolvedPath {
    const simple = toSimple(path);
    if (simple !== null) return simple;
    throw filterError(position, `${path.attribute.name} is complex: name one of its sub-attributes`);
  }
}
