import { listOf, type ToldNote } from "./aftermath.ts";
import { ENTERPRISE, isObject, type Json, type JsonObject, MAPPED, under } from "./known.ts";

type FieldType = "text" | "number" | "date" | "boolean";

/** A mapping of the setting that the requests come by, with how this test finds its value in a resource. */
interface Mapping {
  field: string;
  type: FieldType;
  path: string;
  read(resource: JsonObject): Json | undefined;
}

/** Of several elements those that have the part count: of them the primary one, else the first. */
const chosenOf = (list: Json | undefined, part: string): Json | undefined => {
  const partOf = (element: Json) => (isObject(element) ? under(element, part) : part === "value" ? element : undefined);
  const filled = listOf(list).filter((element) => (partOf(element) ?? null) !== null);
  const chosen = filled.find((element) => under(element, "primary") === true) ?? filled[0];
  return chosen === undefined ? undefined : partOf(chosen);
};
const valueIn = (held: Json | undefined): Json | undefined => chosenOf(held, "value");
const custom = (field: string, type: FieldType): Mapping => ({
  field,
  type,
  path: `${MAPPED}:${field}`,
  read: (resource) => valueIn(under(under(resource, MAPPED), field)),
});

export const MAPPINGS: readonly Mapping[] = [
  { field: "email", type: "text", path: "emails.value", read: ({ emails }) => valueIn(emails) },
  { field: "firstName", type: "text", path: "name.givenName", read: ({ name }) => under(name, "givenName") },
  { field: "lastName", type: "text", path: "name.familyName", read: ({ name }) => under(name, "familyName") },
  {
    field: "department",
    type: "text",
    path: `${ENTERPRISE}:department`,
    read: (resource) => under(resource[ENTERPRISE], "department"),
  },
  { field: "phoneNumber", type: "text", path: "phoneNumbers.value", read: ({ phoneNumbers }) => valueIn(phoneNumbers) },
  custom("site", "text"),
  custom("badge", "number"),
  custom("since", "date"),
  custom("temporary", "boolean"),
  {
    field: "city",
    type: "text",
    path: 'addresses[type eq "work"].locality',
    read: ({ addresses }) =>
      chosenOf(
        listOf(addresses).filter((each) => /^work$/i.test(String(under(each, "type")))),
        "locality",
      ),
  },
];

/** What fields that may take one of several values find in a resource. */
const MANY: Readonly<Record<string, (resource: JsonObject) => Json | undefined>> = {
  site: (resource) => under(under(resource, MAPPED), "site"),
  phoneNumber: ({ phoneNumbers }) => phoneNumbers,
};

/** Whether there are several values that differ, and none is primary. */
function isChoice(held: Json | undefined): boolean {
  if (!Array.isArray(held)) return false;
  const isFilled = (element: Json) => !isObject(element) || under(element, "value") !== undefined;
  if (held.some((element) => isFilled(element) && under(element, "primary") === true)) return false;
  return (
    new Set(
      held
        .map((element) => (isObject(element) ? under(element, "value") : element))
        .filter((each) => each !== undefined)
        .map((each) => JSON.stringify(each)),
    ).size > 1
  );
}

/** Texts that the generated bodies hold for fields of these types, with what each means; null where it does not fit. */
export const MEANINGS: Record<Exclude<FieldType, "text">, ReadonlyMap<Json, string | number | boolean | null>> = {
  number: new Map<Json, number | null>([
    [7, 7],
    ["7", 7],
    [" -7.5 ", -7.5],
    ["7,5", null],
    ["0x10", null],
    ["seven", null],
    [true, null],
  ]),
  date: new Map<Json, string | null>([
    ["2026-11-29", "2026-11-29"],
    ["20261129", "2026-11-29"],
    ["2026-11-29T23:30:00+02:00", "2026-11-29"],
    ["20241201010000.0Z", "2024-12-01"],
    ["29/11/2026", null],
    ["Building 5", null],
    ["2026-02-30", null],
    [5, null],
  ]),
  boolean: new Map<Json, boolean | null>([
    [true, true],
    ["TRUE", true],
    ["False", false],
    ["yes", null],
    [1, null],
  ]),
};

/** What is wrong with a person's fields after a request, by the resource; a value that fits none must have been told of once. */
export function judgeFields(
  resource: JsonObject,
  before: JsonObject | null,
  fields: JsonObject,
  notes: readonly ToldNote[],
): string[] {
  return MAPPINGS.flatMap(({ field, type, path, read }) => {
    const value = read(resource);
    const held = fields[field] ?? null;
    const isChosen = field in MANY && isChoice(MANY[field]?.(resource)) && !isChoice(MANY[field]?.(before ?? {}));
    if (isChosen && !notes.some(({ kind, path: noted }) => kind === "one_of_several" && path.startsWith(noted ?? path)))
      return [`field ${field}: one of several values was taken, and nothing says so`];
    const meant = meaningOf(type, value);
    if (meant === undefined) return [];
    if (held !== meant) return [`field ${field}: ${JSON.stringify(value)} became ${JSON.stringify(held)}`];
    const isNew = before === null || JSON.stringify(read(before)) !== JSON.stringify(value);
    const isTold = notes.some((note) => note.path === path && note.kind === "emptied");
    return value !== undefined && meant === null && isNew && !isTold
      ? [`field ${field}: ${JSON.stringify(value)} does not fit and no note says so`]
      : [];
  });
}

/** What a field holds of a value; undefined where this test does not know. */
function meaningOf(type: FieldType, value: Json | undefined): Json | undefined {
  if (value === undefined) return null;
  if (typeof value === "object") return undefined;
  return type === "text" ? String(value) : MEANINGS[type].get(value);
}
