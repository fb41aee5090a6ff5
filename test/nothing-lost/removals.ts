import { type Aftermath, isNothing, isTold, listOf } from "./aftermath.ts";
import { isList, isNamedBy, matches, print, storedAt } from "./judge.ts";
import { fold, isObject, isSecret, type Json, type JsonObject, under } from "./known.ts";
import { isPicked } from "./remains.ts";
import type { Named, Statement } from "./statements.ts";

/**
 * What a PATCH took away nothing by, or something else than it named, without a word; one sentence for each. Only the first
 * statement on an attribute is judged: before it the attribute is as `before` has it.
 */
export function judgeRemovals(named: Named, before: JsonObject, after: Aftermath): string[] {
  const seen = new Set<string>();
  return named.statements.flatMap((statement) => {
    const { urn, name } = statement.place;
    const key = `${urn} ${fold(name)}`;
    const isFirst = !seen.has(key) && (urn === null || !named.goneExtensions.includes(urn));
    seen.add(key);
    return isFirst && statement.verb === "remove" ? judgeRemoval(statement, before, after) : [];
  });
}

function judgeRemoval(statement: Statement, before: JsonObject, after: Aftermath): string[] {
  const { place, text, value = null } = statement;
  const { kind } = place.shape;
  if (["readOnly", "members", "secret"].includes(kind) || isSecret(text) || fold(place.name) === "schemas") return [];
  const elements = listOf(storedAt(before, place));
  const isPicking = place.part === null && statement.filter === null && isList(place.shape, elements);
  const held = heldBy(statement, elements, isPicking);
  const isSaid = isTold(after, print(place), text);
  if (held.length === 0) return isSaid ? [] : [`${text}: nothing was there to be removed, and nothing says so`];
  const isOther =
    !isPicking &&
    ["string", "number"].includes(typeof value) &&
    !isNothing(value) &&
    !held.every((each) => isSame(each, value));
  return isOther && !isSaid ? [`${text}: ${JSON.stringify(value)} was not what was removed, and nothing says so`] : [];
}

/** The values that a remove leads to. */
function heldBy({ place, filter, value = null }: Statement, elements: readonly Json[], isPicking: boolean): Json[] {
  const { part } = place;
  const selected = filter === null ? elements : elements.filter((element) => matches(element, filter));
  if (part !== null)
    return selected.flatMap((element) =>
      isObject(element) ? (under(element, part) ?? []) : part === "value" ? element : [],
    );
  const named = listOf(value).filter((each) => !isNothing(each));
  if (!isPicking || named.length === 0) return [...selected];
  return selected.filter((element) => named.some((each) => isNamedBy(element, each) || isPicked(element, each)));
}

function isSame(held: Json, sent: Json): boolean {
  const text = isObject(held) ? under(held, "value") : held;
  return fold(String(text)) === fold(String(sent));
}
