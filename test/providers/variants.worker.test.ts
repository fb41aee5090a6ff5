import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../../src/scim/json.ts";
import { draw, IS_WHOLE } from "../generated-cases.ts";
import {
  anyDisguise,
  type Disguise,
  disguiseBody,
  disguiseKeys,
  disguiseValue,
  documentOf,
  listParts,
  type Part,
  PLAIN,
} from "./disguise.ts";
import { type Connection, callScim, connect, pick, readText } from "./world.ts";

const RUNS = draw(20);
const PARTS = listParts();
let connection: Connection;
let serial = 0;

beforeAll(async () => {
  connection = await connect({ groupSettings: { criteria: "none", targetGroupName: "Everyone" } });
});

function newName(): string {
  serial += 1;
  return `person${serial}`;
}

async function create(body: JsonObject): Promise<string> {
  const answer = await callScim(connection, "POST", "/Users", body);
  expect(answer.status, `${JSON.stringify(body)} -> ${answer.text}`).toBe(201);
  return readText(answer, "id");
}

/** What a user holds, without what the service provider adds. */
async function read(id: string): Promise<JsonObject> {
  const { body } = await callScim(connection, "GET", `/Users/${id}`);
  const { id: _id, meta: _meta, schemas: _schemas, groups: _groups, ...rest } = body;
  return rest;
}

/** Elements reduced to their value, for those attributes that have one. */
function valueOnly(part: Part): Part {
  const { attribute, value } = part;
  const first = Array.isArray(value) ? value[0] : value;
  if (!isJsonObject(first) || first.value === undefined) return part;
  const bare = { value: first.value };
  return { ...part, value: attribute.multiValued ? [bare] : bare };
}

/** The first e-mail is the primary one when none says so. */
function settled(part: Part): Part {
  const [first] = Array.isArray(part.value) ? part.value : [];
  if (!part.attribute.impliesPrimary || !isJsonObject(first)) return part;
  return { ...part, value: [{ primary: true, ...first }] };
}

const upper = (name: string) => name.toUpperCase();
const TABLE: [name: string, disguise: Disguise][] = [
  ["as the RFC writes it", PLAIN],
  ['every boolean as "True"', { ...PLAIN, boolean: (value) => (value ? "True" : "False") }],
  ['every boolean as "true"', { ...PLAIN, boolean: String }],
  ["every list of one as one object", { ...PLAIN, isUnwrapped: true }],
  ["every single value as a list of one", { ...PLAIN, isWrapped: true }],
  ["every complex attribute with value as a bare text", { ...PLAIN, isBare: true }],
  ["bare text and no list", { ...PLAIN, isBare: true, isUnwrapped: true }],
  ["every name in upper case", { ...PLAIN, spell: upper }],
  ["every name in lower case", { ...PLAIN, spell: (name) => name.toLowerCase() }],
  ["dotted keys", { ...PLAIN, isDotted: true }],
  ["whole URN keys", { ...PLAIN, place: "urn" }],
  ["whole URN and dotted keys in upper case", { ...PLAIN, place: "urn", isDotted: true, spell: upper }],
  ["extension attributes by their name alone", { ...PLAIN, place: "alone", isDotted: true }],
];

/** The ways of a PATCH; the first two are a verb of each and a style of each, and so are the others. */
const WAYS = [
  ["Add", "path"],
  ["replace", "value"],
  ["Add", "value"],
  ["replace", "path"],
] as const;
const SOME_WAYS = WAYS.slice(0, 2);
const OTHER_WAYS = IS_WHOLE ? WAYS : WAYS.slice(2);

describe.each(TABLE)("%s", (_name, disguise) => {
  for (const [size, parts] of [
    ["full values", PARTS],
    ["values alone", PARTS.map(valueOnly)],
  ] as const) {
    const expected = documentOf(parts.map(settled));

    it(`a POST and a PUT are read (${size})`, async () => {
      const [first, second] = [newName(), newName()];
      const body = disguiseBody(parts.map((part) => [part, disguise]));
      const id = await create({ userName: first, ...body });
      expect(await read(id)).toEqual({ userName: first, ...expected });
      const plain = await create({ userName: second });
      await callScim(connection, "PUT", `/Users/${plain}`, { userName: second, ...body });
      expect(await read(plain)).toEqual({ userName: second, ...expected });
    });

    it(`a PATCH with a path, one without, in add and replace, are read (${size})`, async () => {
      for (const [op, style] of parts === PARTS ? OTHER_WAYS : SOME_WAYS) {
        const userName = newName();
        const id = await create({ userName });
        const operations = operationsOf(parts, disguise, style, op);
        const answer = await callScim(connection, "PATCH", `/Users/${id}`, { Operations: operations });
        expect(answer.status, answer.text).toBe(200);
        expect(await read(id)).toEqual({ userName, ...expected });
      }
    });
  }
});

/** One operation for each key, or all keys in one value. */
function operationsOf(parts: readonly Part[], disguise: Disguise, style: "path" | "value", op: string): Json[] {
  const qualified = disguise.place === "object" ? { ...disguise, place: "urn" as const } : disguise;
  const keys = parts.flatMap((part) => disguiseKeys(part, qualified));
  return style === "path"
    ? keys.map(([path, value]) => ({ op, path, value }))
    : [{ op, value: Object.fromEntries(keys) }];
}

const anyParts = fc.shuffledSubarray(PARTS, { minLength: 1 }).chain((parts) =>
  fc.tuple(
    ...parts.map((part) =>
      fc.tuple(
        fc.boolean().map((bare) => (bare ? valueOnly(part) : part)),
        anyDisguise,
      ),
    ),
  ),
);
const anyNulls = fc.subarray(
  PARTS.filter(({ extension }) => extension === undefined).map((part) => part.attribute.name),
);

describe("any mixture of disguises, attributes and orders", () => {
  it("is read in a POST, with nulls for whatever else there is", async () => {
    await fc.assert(
      fc.asyncProperty(anyParts, anyNulls, async (parts, nulls) => {
        const userName = newName();
        const used = new Set(parts.map(([{ attribute }]) => attribute.name));
        const empty = Object.fromEntries(nulls.filter((name) => !used.has(name)).map((name) => [name, null]));
        const id = await create({ ...empty, ...disguiseBody(parts), userName });
        const expected = documentOf(parts.map(([part]) => settled(part)));
        expect(await read(id)).toEqual({ active: true, userName, ...expected });
      }),
      RUNS,
    );
  });

  it("is read in a PATCH, on a user that has the same attributes otherwise", async () => {
    const anyVerb = fc.constantFrom("Replace", "replace", "REPLACE");
    await fc.assert(
      fc.asyncProperty(anyParts, anyVerb, fc.boolean(), async (parts, op, hasPath) => {
        const userName = newName();
        const others = parts.filter(([{ attribute }]) => attribute.type !== "complex" && attribute.type !== "boolean");
        const old = others.map(([part]): [Part, Disguise] => [{ ...part, value: "old" }, PLAIN]);
        const id = await create({ userName, ...disguiseBody(old) });
        const Operations = parts.flatMap(([part, disguise]) =>
          operationsOf([part], disguise, hasPath ? "path" : "value", op),
        );
        const answer = await callScim(connection, "PATCH", `/Users/${id}`, { Operations });
        expect(answer.status, answer.text).toBe(200);
        const expected = documentOf(parts.map(([part]) => settled(part)));
        expect(await read(id)).toEqual({ active: true, userName, ...expected });
      }),
      RUNS,
    );
  });
});

/** Every attribute with elements and types, and each of its parts that Entra addresses by a filter. */
const SELECTED = PARTS.filter(({ attribute }) => attribute.subAttributes.some((sub) => sub.key === "type")).flatMap(
  ({ attribute }) =>
    attribute.subAttributes
      .filter((sub) => sub.key !== "type" && sub.key !== "primary" && sub.mutability === "readWrite")
      .map((sub) => [attribute, sub] as const),
);

describe("a filter in a path finds or makes its element", () => {
  it.each(
    SELECTED.map(([attribute, sub]) => [`${attribute.name}[type eq "home"].${sub.name}`, attribute, sub] as const),
  )("%s", async (path, attribute, sub) => {
    const id = await create({ userName: newName() });
    const element = disguiseValue(attribute, { value: "kept", formatted: "kept", type: "other" }, PLAIN);
    const operations = [
      { op: "Add", path: attribute.name, value: [element] },
      { op: "Replace", path: path.toUpperCase().replace('EQ "HOME"', 'Eq "home"'), value: "first" },
      { op: "Add", path, value: "second" },
      { op: "add", path: `${attribute.name}[type eq "home"].primary`, value: "True" },
    ];
    const answer = await callScim(connection, "PATCH", `/Users/${id}`, { Operations: operations });
    expect(answer.status, answer.text).toBe(200);
    const elements = (await read(id))[attribute.name];
    expect(elements).toEqual([
      expect.objectContaining({ type: "other" }),
      { type: "home", [sub.name]: "second", primary: true },
    ]);
  });
});

describe("members", () => {
  it("follow any sequence of operations in any form, as a set would", async () => {
    const names = ["a", "b", "c", "d"];
    const ids = await Promise.all(names.map(() => create({ userName: newName() })));
    const group = await callScim(connection, "POST", "/Groups", { displayName: "Crew" });
    const path = `/Groups/${readText(group, "id")}`;
    const anyIds = fc.subarray(ids);
    const anyForm = fc.constantFrom(
      (id: string): Json => ({ value: id }),
      (id: string): Json => ({ $ref: null, value: id }),
      (id: string): Json => ({ Value: id, Display: "x", Type: "user" }),
      (id: string): Json => id,
    );
    const anyOperation = fc.tuple(fc.constantFrom("Add", "remove", "Replace", "byFilter", "legacy"), anyIds, anyForm);
    let present = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyOperation, async ([verb, chosen, form]) => {
        const list = chosen.map(form);
        const filter = chosen.map((id) => `value eq "${id}"`).join(" or ");
        const body: JsonObject =
          verb === "legacy"
            ? { members: chosen.map((value) => ({ value, operation: "delete" })) }
            : verb === "byFilter"
              ? { Operations: [{ op: "remove", path: `members[${filter || 'value eq "none"'}]` }] }
              : { Operations: [{ op: verb, path: "members", value: list }] };
        const isEmptyLegacy = verb === "legacy" && chosen.length === 0;
        if (!isEmptyLegacy) expect((await callScim(connection, "PATCH", path, body)).status).toBe(204);
        if (verb === "Add") present = new Set([...present, ...chosen]);
        else if (verb === "Replace") present = new Set(chosen);
        else present = new Set([...present].filter((id) => !chosen.includes(id)));
        const members = (await callScim(connection, "GET", path)).body.members;
        const found = Array.isArray(members) ? members.map((member) => pick(member, "value")) : [];
        expect(new Set(found)).toEqual(present);
      }),
      draw(60),
    );
  });
});
