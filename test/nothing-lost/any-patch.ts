import fc from "fast-check";
import {
  anyEntry,
  anyMember,
  anyMembers,
  anyUrn,
  type Crew,
  custom,
  type Entry,
  qualified,
  someOf,
} from "./any-body.ts";
import { anyClash } from "./any-clash.ts";
import { anyCase, anyParts, anyText, noValue, openValue, UNIQUE, valueFor, valueInExtension } from "./any-value.ts";
import { ATTRIBUTES, CORE, ENTERPRISE, type Json, type JsonObject, OPEN_URNS } from "./known.ts";
import type { Type } from "./statements.ts";

const PLURALS = ["emails", "phoneNumbers", "addresses", "roles"] as const;

const filter = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('type eq "work"', 'type eq "home"', 'Type EQ "WORK"') },
  { weight: 2, arbitrary: fc.constantFrom('value eq "ada@ex.test"', 'value eq "b@ex.test"') },
  {
    weight: 2,
    arbitrary: fc.constantFrom("primary eq true", 'primary eq "True"', 'type eq "work" and primary eq true'),
  },
);

/** `emails[type eq "work"].value` and its like, with what may stand there. */
const valuePath: fc.Arbitrary<Entry> = fc.constantFrom(...PLURALS).chain((name) => {
  const shape = ATTRIBUTES.User[name];
  if (shape?.kind !== "plural") throw new Error(`${name} is no list`);
  const part = fc
    .constantFrom(...Object.entries(shape.parts))
    .chain(([each, kind]) => fc.tuple(anyCase(each), valueFor({ kind }, each)));
  const whole = fc.tuple(anyCase(name), filter, fc.oneof({ weight: 6, arbitrary: anyParts(shape) }, anyText, noValue));
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(anyCase(name), filter, part)
        .map(([at, asked, [sub, value]]): Entry => [`${at}[${asked}].${sub}`, value]),
    },
    { weight: 3, arbitrary: whole.map(([at, asked, value]): Entry => [`${at}[${asked}]`, value]) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(anyCase(name), filter, anyText)
        .map(([at, asked, value]): Entry => [`${at}[${asked}].foo`, value]),
    },
  );
});

/** The same in a custom extension, whose lists no schema describes, and whole attributes of it. */
function customPath(type: Type): fc.Arbitrary<Entry> {
  const path = (name: string, value: fc.Arbitrary<Json>, urns = anyUrn(type)) =>
    fc.tuple(urns, value).map(([urn, sent]) => qualified(type, urn, name, sent));
  const asked = fc.constantFrom('type eq "work"', 'value eq "m"');
  const part = fc.tuple(asked, fc.constantFrom("value", "type", "note"));
  const word = fc.constantFrom('value eq "a"', 'value eq "b"');
  const dotted = fc.constantFrom("contacts.primary", "contacts.note", "floor.room", "site.value");
  const whole = fc.constantFrom("tags", "contacts", "floor", "site", "badge", "since");
  return fc.oneof(
    part.chain(([filter, name]) => path(`contacts[${filter}].${name}`, anyText)),
    word.chain((filter) => path(`tags[${filter}]`, fc.constantFrom<Json[]>("z", null))),
    dotted.chain((name) => path(name, openValue, fc.constant(OPEN_URNS[type][0]))),
    { weight: 4, arbitrary: whole.chain((name) => path(name, valueInExtension(name))) },
  );
}

function entryFor(type: Type, crew: Crew): fc.Arbitrary<Entry> {
  if (type === "User")
    return fc.oneof(
      { weight: 6, arbitrary: anyEntry(type) },
      { weight: 4, arbitrary: valuePath },
      { weight: 5, arbitrary: customPath(type) },
    );
  const members = fc.tuple(anyCase("members"), anyMembers(crew));
  const chosen = fc
    .tuple(fc.constantFrom(...crew), fc.constant<Json>(null))
    .map(([id, value]): Entry => [`members[value eq "${id}"]`, value]);
  return fc.oneof(
    { weight: 4, arbitrary: anyEntry(type) },
    { weight: 4, arbitrary: members },
    chosen,
    custom(type),
    customPath(type),
  );
}

const anyOp = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("add", "replace") },
  { weight: 2, arbitrary: fc.constantFrom("Add", "Replace", "REPLACE", " add ") },
);

/** Names that `remove` takes in any form, with values that pick elements of a list. */
function removal(type: Type, crew: Crew): fc.Arbitrary<JsonObject> {
  const op = fc.constantFrom("remove", "Remove");
  const named =
    type === "User"
      ? fc.oneof(
          fc.constantFrom(
            "title",
            "name.givenName",
            "nickName",
            "emails",
            "active",
            "foo",
            `${ENTERPRISE}:department`,
            `${ENTERPRISE}.manager`,
            "emails.display",
            ENTERPRISE,
          ),
          valuePath.map(([path]) => path),
          customPath(type).map(([path]) => path),
          fc.constantFrom(...OPEN_URNS[type]),
        )
      : fc.oneof(
          fc.constantFrom("externalId", "members", "foo", ...OPEN_URNS[type]),
          fc.constantFrom(...crew).map((id) => `members[value eq "${id}"]`),
        );
  const bare = fc.record({ op, path: named.chain(anyCase) });
  // What is single goes whatever stands beside it.
  const beside = fc.record({
    op,
    path: fc.constantFrom("title", "name.givenName", 'emails[type eq "work"].value', `${ENTERPRISE}:department`),
    value: fc.constantFrom<Json[]>("T", "Ada", "ada@ex.test", "Legal", "other"),
  });
  const emails = ATTRIBUTES.User.emails;
  const picked =
    type === "Group" || emails?.kind !== "plural"
      ? fc.tuple(fc.constant("members"), fc.array(anyMember(crew), { minLength: 1, maxLength: 2 }))
      : fc.oneof(
          fc.tuple(fc.constant("emails"), fc.array(anyParts(emails), { minLength: 1, maxLength: 2 })),
          fc.tuple(
            fc.constantFrom(...OPEN_URNS[type].map((urn) => `${urn}:tags`)),
            fc.constantFrom<Json[]>(["a"], "b", ["c", "d"]),
          ),
        );
  return fc.oneof(
    bare,
    ...(type === "User" ? [beside] : []),
    fc.tuple(op, picked).map(([verb, [path, value]]): JsonObject => ({ op: verb, path, value })),
  );
}

/** One operation: with a path, without one, or one that takes away. */
function anyOperation(type: Type, crew: Crew): fc.Arbitrary<JsonObject> {
  const entry = entryFor(type, crew).map(
    ([key, value]): Entry => (/(^|:)(userName|displayName)$/i.test(key) ? [key, unique(value)] : [key, value]),
  );
  const withPath = fc.tuple(anyOp, entry).map(([op, [path, value]]): JsonObject => ({ op, path, value }));
  const without = fc
    .tuple(anyOp, someOf(entry, 0, 3), fc.nat(9))
    .map(([op, value, odd]): JsonObject => ({ op, value: odd === 0 ? [value] : value }));
  const inCore = fc.tuple(anyOp, entry, fc.constantFrom(":", ".")).map(
    ([op, [path, value], mark]): JsonObject => ({
      op,
      path: path.includes(":") ? path : `${CORE[type]}${mark}${path}`,
      value,
    }),
  );
  const clash = fc.tuple(anyOp, anyClash(false)).map(([op, value]): JsonObject => ({ op, value }));
  const odd = withPath.map((operation): JsonObject => ({ ...operation, comment: "why" }));
  return fc.oneof(
    { weight: 6, arbitrary: withPath },
    { weight: 5, arbitrary: without },
    { weight: 1, arbitrary: inCore },
    { weight: 3, arbitrary: removal(type, crew) },
    { weight: 1, arbitrary: odd },
    ...(type === "User" ? [{ weight: 2, arbitrary: clash }] : []),
  );
}

/** Names are unique in a setting. */
function unique(value: Json): Json {
  return typeof value === "string" && value.trim() !== "" ? `${value.slice(0, 60).toWellFormed()}${UNIQUE}` : value;
}

/** A PATCH of SCIM 1.1, without Operations. */
function legacy(type: Type): fc.Arbitrary<JsonObject> {
  const emails = ATTRIBUTES.User.emails;
  if (type === "Group" || emails?.kind !== "plural") return fc.record({ externalId: anyText });
  const element = fc
    .tuple(anyParts(emails), fc.constantFrom("add", "delete", null))
    .map(([parts, operation]): Json => ({ ...Object(parts), ...(operation !== null && { operation }) }));
  return fc.record(
    {
      schemas: fc.constant<Json>(["urn:scim:schemas:core:1.0"]),
      title: anyText,
      emails: fc.array(element, { minLength: 1, maxLength: 2 }),
      meta: fc.record({ attributes: fc.constantFrom<Json[]>(["nickName"], ["name.givenName", "foo"]) }),
      shoeSize: anyText,
    },
    { requiredKeys: ["title"] },
  );
}

/** The body of a PATCH: up to three operations, now and then in the form of SCIM 1.1 or with a word too many. */
export function anyPatch(type: Type, crew: Crew): fc.Arbitrary<JsonObject> {
  const operations = fc.array(anyOperation(type, crew), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    {
      weight: 12,
      arbitrary: operations.map(
        (Operations): JsonObject => ({ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations }),
      ),
    },
    { weight: 1, arbitrary: operations.map((Operations): JsonObject => ({ Operations, comment: "why", id: "x" })) },
    { weight: 1, arbitrary: legacy(type) },
    ...(type === "User"
      ? [{ weight: 1, arbitrary: anyClash(true).map((value): JsonObject => ({ title: "T", ...value })) }]
      : []),
  );
}
