import fc from "fast-check";
import { ENTERPRISE, type Json, type JsonObject, MAPPED, UNMAPPED } from "./known.ts";

/** One of two values, so that two keys agree about as often as not. */
const either = (a: Json, b: Json) => fc.constantFrom<Json[]>(a, b);

/** Keys that lead to one place of a user at different depths, and in other spellings; what stands there agrees or not. */
const FAMILIES: readonly Record<string, fc.Arbitrary<Json>>[] = [
  {
    name: fc.constantFrom<Json[]>({ givenName: "A" }, { givenName: null, familyName: "L" }, { GIVENNAME: "B" }, null),
    NAME: fc.constantFrom<Json[]>({ givenName: "A" }, { middleName: "M" }, null),
    "name.givenName": fc.constantFrom<Json[]>("A", "B", null),
    "Name.familyName": either("L", null),
  },
  {
    [ENTERPRISE]: fc.constantFrom<Json[]>({ manager: { value: "m1" } }, { manager: null }, { manager: "m2" }),
    [`${ENTERPRISE}:manager.value`]: either("m1", "m2"),
    [`${ENTERPRISE}:manager`]: fc.constantFrom<Json[]>("m1", { value: "m2" }),
    "manager.value": either("m1", "m2"),
  },
  ...[MAPPED, UNMAPPED].map((urn) => ({
    [urn]: fc.constantFrom<Json[]>({ site: "A", floor: { room: "1", level: 3 } }, { floor: { room: "2" } }, null),
    [`${urn}:site`]: either("A", "B"),
    [`${urn}:SITE`]: either("A", null),
    [`${urn}:floor`]: either({ Room: "1" }, { level: 4 }),
    [`${urn}:floor.room`]: either("1", "2"),
  })),
  {
    emails: fc.constantFrom<Json[]>(
      [{ value: "a@ex.test", type: "home" }],
      [{ value: "a@ex.test", type: "work", display: "W" }],
      null,
    ),
    'emails[type eq "work"].value': either("a@ex.test", "b@ex.test"),
    'emails[type eq "WORK"].value': either("a@ex.test", "b@ex.test"),
    'Emails[type eq "work"]': either({ value: "a@ex.test" }, { display: "V" }),
    'emails[type eq "home"].value': either("a@ex.test", "b@ex.test"),
    "emails[primary eq true].value": either("a@ex.test", "b@ex.test"),
  },
];

/** Two or three keys of one object that speak of the same attribute; without those that only a PATCH may have where `isBody`. */
export function anyClash(isBody: boolean): fc.Arbitrary<JsonObject> {
  const families = FAMILIES.map((family) =>
    Object.entries(family).filter(([key]) => !isBody || !key.includes("[")),
  ).filter((entries) => entries.length > 1);
  return fc
    .constantFrom(...families)
    .chain((entries) => fc.shuffledSubarray(entries, { minLength: 2, maxLength: Math.min(3, entries.length) }))
    .chain((entries) => fc.tuple(...entries.map(([key, value]) => fc.tuple(fc.constant(key), value))))
    .map((entries): JsonObject => Object.fromEntries(entries));
}
