import { foldCase } from "../fold-case.ts";
import { parseDateTime } from "../schema/date-time.ts";
import type { Attribute } from "../schema/schema.ts";
import { quote } from "../scim-error.ts";
import { describeToken, filterError, type Token } from "./tokenize.ts";

/** The operators that compare with a value (RFC 7644 section 3.4.2.2, table 3). */
export type CompareOperator = "eq" | "ne" | "co" | "sw" | "ew" | "gt" | "ge" | "lt" | "le";

const OPERATORS: ReadonlySet<string> = new Set<CompareOperator>(["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]);

/** Whether a word, already in lower case, is one of the operators. */
export function isCompareOperator(word: string): word is CompareOperator {
  return OPERATORS.has(word);
}

/**
 * Reads the value of a comparison as the attribute's type. Entra prints values without quotes, so a bare word is the
 * string it spells when a string is due; a quoted boolean or number is read as such when one of those is due.
 */
export function readLiteral(
  attribute: Attribute,
  operator: CompareOperator,
  token: Token,
  operatorPosition: number,
): string | number | boolean | null {
  if (token.kind !== "word" && token.kind !== "string")
    throw filterError(token.position, `a value was expected, not ${describeToken(token)}`);
  if (token.kind === "word" && token.text.startsWith("'"))
    throw filterError(token.position, "a value stands in double quotes");
  assertOperator(attribute, operator, operatorPosition);
  if (token.kind === "word" && foldCase(token.text) === "null") {
    if (operator === "eq" || operator === "ne") return null;
    throw filterError(token.position, `null can be compared by eq and ne only, not by ${operator}`);
  }
  return coerceLiteral(attribute, token.text, token.position);
}

function coerceLiteral(attribute: Attribute, text: string, position: number): string | number | boolean {
  switch (attribute.type) {
    case "boolean": {
      const folded = foldCase(text);
      if (folded === "true" || folded === "false") return folded === "true";
      throw filterError(position, `${attribute.name} is true or false, not ${quote(text)}`);
    }
    case "integer":
    case "decimal": {
      const value = Number(text);
      if (text.trim() !== "" && Number.isFinite(value)) return value;
      throw filterError(position, `${attribute.name} is a number, not ${quote(text)}`);
    }
    case "dateTime": {
      const time = parseDateTime(text);
      if (time !== null) return new Date(time).toISOString();
      throw filterError(position, `${attribute.name} is a time such as 2011-05-13T04:42:34Z, not ${quote(text)}`);
    }
    default:
      return text;
  }
}

/** Which operators a type takes: order has no meaning for booleans and binaries (RFC 7644 section 3.4.2.2). */
function assertOperator(attribute: Attribute, operator: CompareOperator, position: number): void {
  if (operator === "eq" || operator === "ne") return;
  const isText = operator === "co" || operator === "sw" || operator === "ew";
  const { type } = attribute;
  const refused = isText
    ? type === "boolean" || type === "integer" || type === "decimal" || type === "dateTime"
    : type === "boolean" || type === "binary";
  if (refused) throw filterError(position, `${operator} cannot be used on ${attribute.name}, which is a ${type}`);
}
