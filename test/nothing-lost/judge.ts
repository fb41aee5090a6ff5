import { type Aftermath, countLeft, isNamed, isNothing, isTold, listOf, missing, show } from "./aftermath.ts";
import { isToldOfPrimary, judgeValue } from "./judge-value.ts";
import { fold, isObject, isSecret, type Json, type JsonObject, type Shape, under } from "./known.ts";
import type { Named, Statement } from "./statements.ts";

/** Everything that a request named and that is neither there, nor noted, nor on the closed list; one sentence for each. */
export function judgeNamed(named: Named, after: Aftermath): string[] {
  const unknown = named.unknown.flatMap(({ text, value }) => {
    if (isSecret(text)) return after.closed.allow("secret");
    if (isNothing(value)) return after.closed.allow("nothing");
    if (fold(text) === "schemas") return after.closed.allow("schemas");
    return isNamed(after, text, text, value) ? [] : [`${text}: ${show(value)} is neither there nor noted`];
  });
  const known = named.statements.flatMap((statement, index) =>
    isOverruled(statement, named.statements.slice(index + 1), goneBeside(statement, named))
      ? after.closed.allow("inOrder")
      : isNothing(statement.value) && statement.verb !== "remove" && isSaidBeside(statement, named)
        ? after.closed.allow("nothing")
        : judgeStatement(statement, after),
  );
  const gone = named.goneExtensions.flatMap((urn) =>
    named.statements.some(({ place }) => place.urn === urn) || under(after.resource, urn) === undefined
      ? []
      : [`${urn} was taken away and is there`],
  );
  // So many as the last note counts need not be named.
  const [isCounted, left] = [unknown.length > 0 && countLeft(after) > 0, countLeft(after)];
  if (isCounted) after.closed.allow("counted");
  return [...unknown.slice(left), ...known, ...gone];
}

/** Extensions that are taken away by other operations than the statement's own. */
function goneBeside({ object }: Statement, { goneExtensions, goneBy }: Named): string[] {
  return goneExtensions.filter((_urn, index) => goneBy[index] !== object);
}

/** Whether another key of the same object has a value for the attribute: no value says nothing beside it. */
function isSaidBeside({ place, object }: Statement, { statements }: Named): boolean {
  return statements.some(
    (other) =>
      other.object === object &&
      other.place.urn === place.urn &&
      fold(other.place.name) === fold(place.name) &&
      !isNothing(other.value),
  );
}

/** Whether a later statement may have changed what this one named. */
function isOverruled(statement: Statement, later: readonly Statement[], gone: readonly string[]): boolean {
  const { place, filter, verb, value } = statement;
  if (place.urn !== null && gone.includes(place.urn)) return true;
  return later.some((other) => {
    if (other.object === statement.object && other.verb !== "remove" && verb !== "remove") return false;
    if (other.place.urn !== place.urn || fold(other.place.name) !== fold(place.name)) return false;
    const isApart = place.part !== null && other.place.part !== null && fold(place.part) !== fold(other.place.part);
    if (isApart && filter === null && other.filter === null) return false;
    const areAdds = [verb, other.verb].every((each) => each === "add" || each === "set");
    const areWhole = [statement, other].every((each) => each.place.part === null && each.filter === null);
    return !(
      areAdds &&
      areWhole &&
      place.shape.kind === "plural" &&
      valuesOf(value).every((v) => !valuesOf(other.value).includes(v))
    );
  });
}

function valuesOf(sent: Json | undefined): string[] {
  return listOf(sent).map((element) => fold(String((isObject(element) ? under(element, "value") : element) ?? "")));
}

/** What a resource holds at the attribute of a statement. */
export function storedAt(resource: JsonObject, { urn, name }: Statement["place"]): Json | undefined {
  return under(urn === null ? resource : under(resource, urn), name);
}

/** A path as it is printed. */
export function print({ urn, name, part }: Statement["place"]): string {
  return `${urn === null ? "" : `${urn}:`}${name}${part === null ? "" : `.${part}`}`;
}

function judgeStatement(statement: Statement, after: Aftermath): string[] {
  const { place, text, value, verb } = statement;
  const { shape, part } = place;
  const isReadOnly = shape.kind === "readOnly" || (part !== null && partShape(shape, part).kind === "readOnly");
  if (fold(place.name) === "schemas") return after.closed.allow("schemas");
  if (isReadOnly) return after.closed.allow("readOnly");
  if (shape.kind === "secret" || isSecret(text)) return after.closed.allow("secret");
  if (shape.kind === "members") return judgeMembers(statement, after);
  const isCleared = verb === "remove" || (verb !== "set" && isNothing(value) && !isObject(value));
  if (!isCleared) return isNothing(value) ? after.closed.allow("nothing") : judgeSet(statement, after);
  const isAddOfNothing = verb === "add" && part === null && (shape.kind === "plural" || shape.kind === "open");
  if (isAddOfNothing && isNothing(value)) return after.closed.allow("nothing");
  return judgeGone(statement, after);
}

function judgeSet({ place, filter, value = null, text, verb }: Statement, after: Aftermath): string[] {
  const { shape, part } = place;
  const stored = storedAt(after.resource, place);
  const path = print(place);
  const sentParts = part === null ? (isObject(value) ? Object.keys(value) : ["value"]) : [part];
  const within = filter === null ? listOf(stored) : listOf(stored).filter((each) => matches(each, filter, sentParts));
  if (filter === null && part === null) return judgeValue(after, shape, path, value, stored);
  const leaf = part === null ? elementShape(shape) : partShape(shape, part);
  const judged = within.map((element) =>
    judgeValue(
      after,
      leaf,
      path,
      value,
      part === null ? element : isObject(element) ? under(element, part) : part === "value" ? element : undefined,
    ),
  );
  const isRight =
    shape.kind === "plural" && part !== "primary" && filter === null && verb !== "set"
      ? judged.every((each) => each.length === 0)
      : judged.some((each) => each.length === 0);
  const claims = part === "primary" && filter === null && within.length > 1 && /^true$/i.test(String(value).trim());
  if (claims && !isToldOfPrimary(after, print({ ...place, part: null })))
    return [`${path}: several values were named as primary, and nothing says which are not`];
  if (judged.length > 0 && isRight) return [];
  // A simple value that no schema describes is its own `value`.
  if (shape.kind === "open" && part === "value" && judgeValue(after, leaf, path, value, stored).length === 0) return [];
  if (part === "primary" && listOf(stored).some((each) => under(each, "primary") === true))
    return after.closed.allow("onePrimary");
  if (isObject(value)) return judged[0] ?? judgeValue(after, leaf, path, value, undefined);
  return missing(after, path, value, text);
}

/** Whether an element passes a value path's equalities, those on what was set aside. */
export function matches(element: Json, filter: Readonly<Record<string, string>>, set: readonly string[] = []): boolean {
  return Object.entries(filter).every(([part, wanted]) => {
    if (set.some((each) => fold(each) === fold(part))) return true;
    const held = isObject(element) ? under(element, part) : fold(part) === "value" ? element : undefined;
    return held !== undefined && fold(String(held)) === fold(wanted);
  });
}

function elementShape(shape: Shape): Shape {
  return shape.kind === "plural" ? { kind: "complex", parts: shape.parts } : shape;
}

function partShape(shape: Shape, part: string): Shape {
  if (shape.kind !== "complex" && shape.kind !== "plural") return { kind: "open" };
  return { kind: shape.parts[part] ?? "text" };
}

function judgeGone({ place, filter, value, text, verb }: Statement, after: Aftermath): string[] {
  const { part } = place;
  const elements = listOf(storedAt(after.resource, place));
  const selected = filter === null ? elements : elements.filter((element) => matches(element, filter));
  const named =
    verb === "remove" && part === null && filter === null && isList(place.shape, elements)
      ? listOf(value).filter((each) => !isNothing(each))
      : [];
  const left = selected.filter((element) => {
    if (named.length > 0) return named.some((each) => isNamedBy(element, each));
    if (Array.isArray(value) || isObject(value)) return false;
    return part === null || (isObject(element) ? under(element, part) !== undefined : part === "value");
  });
  const isOfPrimary = [part ?? "", ...Object.keys(filter ?? {})].some((name) => fold(name) === "primary");
  if (left.length === 1 && isOfPrimary && place.name === "emails") return after.closed.allow("impliedPrimary");
  return left.length === 0 || isTold(after, print(place), text)
    ? []
    : [`${text}: ${show(left)} is left of what was taken away`];
}

/** Whether a value that a remove is sent with picks elements. */
export function isList(shape: Shape, elements: readonly Json[]): boolean {
  return shape.kind === "plural" || (shape.kind === "open" && elements.length > 0);
}

/** Whether a remove's value names an element: by its value alone, or by all that it says. */
export function isNamedBy(element: Json, named: Json): boolean {
  if (!isObject(named)) return same(named, isObject(element) ? (under(element, "value") ?? null) : element);
  return Object.entries(named).every(
    ([part, value]) => isNothing(value) || isSecret(part) || same(value, under(element, part) ?? null),
  );
}

function same(a: Json, b: Json): boolean {
  return typeof a === "object" || typeof b === "object"
    ? JSON.stringify(a) === JSON.stringify(b)
    : fold(String(a)) === fold(String(b));
}

function judgeMembers({ value, verb, filter, text }: Statement, after: Aftermath): string[] {
  const ids = listOf(after.resource.members).map((member) => under(member, "value"));
  const asked = filter === null ? [] : Object.values(filter);
  const named = listOf(value).flatMap((member) => {
    if (isObject(member)) after.closed.allow("member");
    const extra = isObject(member)
      ? Object.keys(member).filter((key) => !/^(value|\$ref|type|display)$/i.test(key))
      : [];
    const lost = extra.flatMap((key) =>
      isSecret(key) || isNothing(under(member, key))
        ? []
        : missing(after, `members.${key}`, under(member, key) ?? null),
    );
    const id = isObject(member) ? under(member, "value") : member;
    const type = isObject(member) ? (under(member, "type") ?? null) : null;
    if (!isNothing(type) && !/^(?:user|group)$/i.test(String(type))) lost.push(...missing(after, "members.type", type));
    return [{ id, lost }];
  });
  const lost = named.flatMap((each) => each.lost);
  if (value === null && verb !== "remove")
    return filter === null && ids.length > 0 ? missing(after, "members", "null", text) : [];
  const wanted = [...named.map(({ id }) => id), ...asked];
  const wrong = wanted.filter((id) => ids.includes(id) === (verb === "remove") && id !== undefined);
  return [...lost, ...wrong.map((id) => `${text}: member ${id} is ${verb === "remove" ? "still" : "not"} there`)];
}
