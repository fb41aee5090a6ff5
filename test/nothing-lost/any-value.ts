import fc from "fast-check";
import { MEANINGS } from "./fields.ts";
import type { Json, Shape } from "./known.ts";

/** Stands in a generated text for what makes it the only one of its kind. */
export const UNIQUE = "@@";
/** Part of every generated password, and of nothing else. */
export const PASSWORD = "pw-never-kept";

/** Texts that identity providers send, and some that careless code would trip over. */
const plainText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("Ada", "Lovelace", "Rome", "work", "Straße", "𝒜da 👩‍🚀", "Ἀθῆναι", "a b") },
  {
    weight: 1,
    arbitrary: fc.constantFrom('say "hi" \\ ]', " padded ", "5", "null", "x".repeat(300), "[object]", "a.b:c"),
  },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }) },
);
const longText = fc.constantFrom("L".repeat(16_385), `${"😀".repeat(10_000)}`);
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 60, arbitrary: plainText },
  { weight: 1, arbitrary: longText },
);

export const noValue: fc.Arbitrary<Json> = fc.constantFrom<Json[]>(null, "", "  ", [], {});
const wrongShape = fc.constantFrom<Json[]>({ a: "b" }, ["a", "b"], [[1]], { value: { value: "x" } });

/** A value for a text or a boolean: right, in a form that is read all the same, none, and seldom wrong. */
function simple(right: fc.Arbitrary<Json>, lenient: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc.oneof(
    { weight: 30, arbitrary: right },
    { weight: 6, arbitrary: lenient },
    { weight: 3, arbitrary: right.map((value): Json => [value]) },
    { weight: 2, arbitrary: right.map((value): Json => ({ $ref: null, value })) },
    { weight: 4, arbitrary: noValue },
    { weight: 1, arbitrary: wrongShape },
  );
}

const textValue = simple(anyText, fc.constantFrom<Json[]>(5, -1.5, true, "True"));
const booleanValue = simple(fc.boolean(), fc.constantFrom<Json[]>("True", "false", " TRUE "));

/** A name in one of the cases that clients spell it in. */
export function anyCase(name: string): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant(name) },
    { weight: 1, arbitrary: fc.constantFrom(name.toLowerCase(), name.toUpperCase()) },
  );
}

function partValue(part: string, kind: string): fc.Arbitrary<Json> {
  if (part === "type")
    return fc.oneof({ weight: 12, arbitrary: fc.constantFrom<Json[]>("work", "home", "other") }, textValue);
  if (part === "value")
    return fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom<Json[]>("ada@ex.test", "b@ex.test", "+1 5", "c@ex.test") },
      { weight: 2, arbitrary: noValue },
      textValue,
    );
  return kind === "boolean" ? booleanValue : textValue;
}

/** An object of the parts of a complex attribute, with now and then one that it does not have. */
export function anyParts(shape: Shape & { kind: "complex" | "plural" }): fc.Arbitrary<Json> {
  const known = Object.entries(shape.parts).map(([part, kind]) => fc.tuple(anyCase(part), partValue(part, kind)));
  const odd: fc.Arbitrary<[string, Json]> = fc.oneof(
    fc.tuple(
      fc.constantFrom("nick", "department", "foo"),
      fc.oneof(anyText, fc.constantFrom<Json[]>(null, ["a"], { b: 1 })),
    ),
    fc.tuple(fc.constantFrom("password", "PassWord"), fc.constant<Json>(PASSWORD)),
    fc.tuple(fc.constant("managerId"), anyText),
  );
  const entry = fc.oneof({ weight: 12, arbitrary: fc.oneof(...known) }, { weight: 1, arbitrary: odd });
  const value = shape.parts.value === undefined ? [] : [fc.tuple(fc.constant("value"), partValue("value", "text"))];
  return fc
    .tuple(
      fc.tuple(...value),
      fc.uniqueArray(entry, { minLength: 1, maxLength: 4, selector: ([name]) => name.toLowerCase() }),
    )
    .map(([own, entries]) =>
      Object.fromEntries([...own, ...entries.filter(([name]) => own.length === 0 || name.toLowerCase() !== "value")]),
    );
}

/** Any value without a schema: scalars, lists, objects, and both in each other. */
export const openValue: fc.Arbitrary<Json> = fc
  .letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 3, depthIdentifier: "open" },
      anyText,
      fc.constantFrom<Json[]>(1, 2.5, true, false, "a", "b"),
      fc.array(tie("json"), { maxLength: 3 }),
      fc.array(fc.constantFrom<Json[]>("a", "b", "c"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("value", "type", "primary", "floor", "Room", "tags", "password"), tie("json"), {
        maxKeys: 3,
      }),
      noValue,
    ),
  }))
  .json.map(hideable);

/** Passwords hold a text that is looked for afterwards. */
function hideable(value: Json): Json {
  if (Array.isArray(value)) return value.map(hideable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, name === "password" ? PASSWORD : hideable(part)]),
  );
}

/** A value for an attribute of a custom extension; those that a field is mapped to often get one of the field's type. */
export function valueInExtension(name: string): fc.Arbitrary<Json> {
  const typed = { badge: MEANINGS.number, since: MEANINGS.date, temporary: MEANINGS.boolean } as const;
  const own = Object.entries(typed).find(([field]) => field === name.toLowerCase())?.[1];
  if (own !== undefined)
    return fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...own.keys()) },
      fc.constantFrom<Json[]>(null, "", ["7"], { a: 1 }),
    );
  if (name.toLowerCase() === "contacts")
    return fc.oneof({ weight: 5, arbitrary: fc.array(contact, { maxLength: 3 }) }, openValue);
  if (name.toLowerCase() === "tags")
    return fc.oneof(
      { weight: 5, arbitrary: fc.array(fc.constantFrom<Json[]>("a", "b", "c", "d"), { minLength: 1, maxLength: 3 }) },
      openValue,
    );
  return fc.oneof(anyText, openValue);
}

const contact: fc.Arbitrary<Json> = fc.record(
  {
    value: fc.constantFrom<Json[]>("m", "n", "o"),
    type: fc.constantFrom("work", "home"),
    primary: fc.boolean(),
    floor: openValue,
  },
  { requiredKeys: ["value"] },
);

/** A value for an attribute of that shape. */
export function valueFor(shape: Shape, name: string): fc.Arbitrary<Json> {
  switch (shape.kind) {
    case "text":
      return /^userName$/i.test(name) ? plainText.map((text) => `${text}${UNIQUE}`) : textValue;
    case "boolean":
      return booleanValue;
    case "complex":
      return fc.oneof(
        { weight: 12, arbitrary: anyParts(shape) },
        noValue,
        anyText,
        anyParts(shape).map((value): Json => [value]),
      );
    case "plural":
      return fc.oneof(
        {
          weight: 8,
          arbitrary: listOf(
            fc.oneof(
              { weight: 8, arbitrary: anyParts(shape) },
              { weight: 1, arbitrary: anyText },
              ...(name === "emails" ? [] : [fc.constantFrom<Json[]>(5, -1.5, true, false)]),
              noValue,
            ),
          ),
        },
        anyParts(shape),
        anyText,
        noValue,
      );
    case "secret":
      return fc.constantFrom<Json[]>(PASSWORD, { value: PASSWORD }, [PASSWORD]);
    case "readOnly":
      return fc.oneof(anyText, fc.constantFrom<Json[]>([], {}, null, [{ value: "x" }], { resourceType: "User" }));
    default:
      return openValue;
  }
}

/** Some elements, now and then one of them twice. */
function listOf(element: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc
    .tuple(fc.array(element, { minLength: 1, maxLength: 3 }), fc.nat(5))
    .map(([elements, twice]) => (twice === 0 ? [...elements, elements[0] ?? null] : elements));
}
