import { type Aftermath, isNothing, isTold, listOf, missing } from "./aftermath.ts";
import { findPart, fold, isObject, isSecret, type Json, type JsonObject, type Shape, under } from "./known.ts";

/** Judges a value that was sent for an attribute of that shape by what is stored there. */
export function judgeValue(
  after: Aftermath,
  shape: Shape,
  path: string,
  sent: Json,
  stored: Json | undefined,
): string[] {
  if (isNothing(sent)) return after.closed.allow("nothing");
  switch (shape.kind) {
    case "open":
      return judgeOpen(after, path, sent, stored);
    case "complex":
      return judgeParts(after, shape, path, sent, stored);
    case "plural":
      return [
        ...judgeClaims(after, path, listOf(sent)),
        ...judgeElements(after, shape, path, listOf(sent), listOf(stored)),
      ];
    default: {
      const text = unwrap(sent);
      const isThere = shape.kind === "boolean" ? fold(String(text)).trim() === String(stored) : String(text) === stored;
      return isThere ? [] : missing(after, path, sent);
    }
  }
}

function judgeElements(
  after: Aftermath,
  shape: Shape & { kind: "complex" | "plural" },
  path: string,
  sent: readonly Json[],
  stored: readonly Json[],
): string[] {
  return sent.flatMap((element, index) =>
    sent.slice(0, index).some((other) => JSON.stringify(other) === JSON.stringify(element))
      ? after.closed.allow("once")
      : judgeElement(after, shape, path, element, stored),
  );
}

/** What is wrong where one list names several values as the primary one. */
function judgeClaims(after: Aftermath, path: string, sent: readonly Json[]): string[] {
  const claims = sent.filter((element) => {
    const value = unwrap(under(element, "value") ?? null);
    return claimsPrimary(element) && typeof value === "string" && !/^(?:\s*|true|false)$/i.test(value);
  });
  const texts = new Set(claims.map((element) => String(unwrap(under(element, "value") ?? null))));
  return texts.size < 2 || isToldOfPrimary(after, path)
    ? []
    : [`${path}: two values were named as primary, and nothing says which is not`];
}

/** Whether a note says of a list that several of its values were named as the primary one. */
export function isToldOfPrimary({ notes }: Aftermath, path: string): boolean {
  return notes.some(({ kind, path: noted }) => kind === "more" || (kind === "primary_twice" && noted === path));
}

function claimsPrimary(element: Json): boolean {
  return (
    isObject(element) &&
    Object.keys(element).some(
      (key) => fold(key) === "primary" && fold(String(unwrap(element[key] ?? null))).trim() === "true",
    )
  );
}

function judgeParts(
  after: Aftermath,
  shape: Shape & { kind: "complex" | "plural" },
  path: string,
  sent: Json,
  stored: Json | undefined,
): string[] {
  const one = Array.isArray(sent) ? (sent[0] ?? null) : sent;
  const parts = isObject(one) ? one : { value: one };
  return Object.entries(parts).flatMap(([key, value]) => {
    if (isSecret(key)) return after.closed.allow("secret");
    if (isNothing(value)) return after.closed.allow("nothing");
    const part = findPart(shape, key);
    if (part === null) return missing(after, `${path}.${key}`, value);
    const kind = shape.parts[part] ?? "text";
    if (kind === "readOnly") return after.closed.allow("readOnly");
    return judgeValue(after, { kind }, `${path}.${part}`, value, under(stored, part));
  });
}

function judgeElement(
  after: Aftermath,
  shape: Shape & { kind: "complex" | "plural" },
  path: string,
  sent: Json,
  stored: readonly Json[],
): string[] {
  if (isNothing(sent)) return after.closed.allow("nothing");
  const parts = isObject(sent) ? sent : { value: sent };
  const hollow = shape.parts.value === undefined ? null : judgeHollow(after, path, parts);
  const judged = stored.map((element) =>
    judgeParts(after, shape, path, demoted(after, parts, element, stored), element),
  );
  const [best = judgeParts(after, shape, path, parts, undefined)] = judged.toSorted((a, b) => a.length - b.length);
  return best.length === 0 ? best : (hollow ?? best);
}

/**
 * What is wrong with an element that is left with nothing but what a value would be for: a note tells of that, but where the
 * element says itself that its value is null or blank. All else that it says must be told of in any case; null when it is not,
 * so that the element must be there.
 */
function judgeHollow(after: Aftermath, path: string, parts: JsonObject): string[] | null {
  const said = Object.entries(parts).filter(([key, part]) => !isNothing(part) && !isSecret(key));
  const [purpose, others] = [said.filter(([key]) => isPurpose(key)), said.filter(([key]) => !isPurpose(key))];
  if (!Object.keys(parts).some((key) => fold(key) === "value")) return null;
  if (others.some(([key, part]) => !isTold(after, `${path}.${key}`, `${path}.${key}`, unwrap(part)))) return null;
  if (said.length === 0) return after.closed.allow("nothing");
  if (saysBlank(parts)) return after.closed.allow("hollow");
  return purpose.flatMap(([, part]) => missing(after, path, unwrap(part)));
}

function isPurpose(key: string): boolean {
  return /^(?:type|primary)$/i.test(key);
}

/** Whether an element names its value as null or a blank text, the two forms that templates leave (.github/docs/scim.md). */
function saysBlank(parts: JsonObject): boolean {
  const values = Object.keys(parts).filter((key) => fold(key) === "value");
  return (
    values.length > 0 &&
    values.every((key) => parts[key] === null || (typeof parts[key] === "string" && parts[key].trim() === ""))
  );
}

/** What was sent, without its claim to be the primary one where another is. */
function demoted(after: Aftermath, parts: JsonObject, element: Json, stored: readonly Json[]): JsonObject {
  const isClaimed = claimsPrimary(parts);
  const isOther = under(element, "primary") !== true && stored.some((each) => under(each, "primary") === true);
  if (!isClaimed || !isOther) return parts;
  after.closed.allow("onePrimary");
  return Object.fromEntries(Object.entries(parts).filter(([key]) => fold(key) !== "primary"));
}

/** What no schema describes is kept as sent: an object by its parts, a list by its elements. */
function judgeOpen(after: Aftermath, path: string, sent: Json, stored: Json | undefined): string[] {
  if (isNothing(sent)) return after.closed.allow("nothing");
  const value = unwrapNulls(sent);
  if (Array.isArray(value))
    return value.flatMap((element) =>
      bestOf(
        listOf(stored).map((each) => judgeOpen(after, path, element, each)),
        () => judgeOpen(after, path, element, undefined),
      ),
    );
  if (Array.isArray(stored))
    return bestOf(
      stored.map((each) => judgeOpen(after, path, value, each)),
      () => missing(after, path, value),
    );
  if (isObject(value))
    return Object.entries(value).flatMap(([key, part]) =>
      isSecret(key)
        ? after.closed.allow("secret")
        : key === "primary" && part === true && under(stored, key) === false
          ? after.closed.allow("onePrimary")
          : judgeOpen(
              after,
              `${path}.${key}`,
              part,
              isObject(stored) ? under(stored, key) : key === "value" ? stored : undefined,
            ),
    );
  const held = isObject(stored) ? under(stored, "value") : stored;
  return held === value ? [] : missing(after, path, value);
}

function bestOf(judged: string[][], none: () => string[]): string[] {
  return judged.toSorted((a, b) => a.length - b.length)[0] ?? none();
}

/** `[x]` and `{"$ref": null, "value": x}` where one value is due. */
function unwrap(sent: Json): Json {
  if (Array.isArray(sent) && sent.length === 1) return unwrap(sent[0] ?? null);
  return isObject(sent) && sent.value !== undefined ? sent.value : sent;
}

function unwrapNulls(sent: Json): Json {
  if (!isObject(sent) || sent.value === undefined) return sent;
  const rest = Object.keys(sent).filter((key) => key !== "value");
  return rest.length > 0 && rest.every((key) => sent[key] === null) ? sent.value : sent;
}
