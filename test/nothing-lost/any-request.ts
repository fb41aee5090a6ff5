import fc from "fast-check";
import { anyBody, type Crew } from "./any-body.ts";
import { anyPatch } from "./any-patch.ts";
import { ENTERPRISE, type JsonObject, OPEN_URNS } from "./known.ts";
import type { Method, Type } from "./statements.ts";

/** One change of one resource: what it is before (for PUT and PATCH), and what is sent. */
export interface Act {
  type: Type;
  method: Method;
  before: JsonObject;
  body: JsonObject;
}

/** A request: one change at its own address, or several in a Bulk request. */
export interface AnyRequest {
  isBulk: boolean;
  acts: Act[];
}

/** Attributes that a change often meets, each with more in it than one change names. */
const SETTLED: Record<Type, JsonObject> = {
  User: {
    title: "T",
    name: { givenName: "Ada", familyName: "Lovelace" },
    emails: [
      { value: "ada@ex.test", type: "work", primary: true },
      { value: "b@ex.test", type: "home", display: "Home" },
    ],
    addresses: [{ locality: "Rome", type: "work" }],
    [ENTERPRISE]: { department: "Legal", manager: { value: "m-1", $ref: "../Users/m-1" } },
  },
  Group: { externalId: "g-1" },
};
const SETTLED_EXTENSION: JsonObject = {
  tags: ["a", "b"],
  site: "Rome",
  contacts: [
    { value: "m", type: "work", note: "x" },
    { value: "n", type: "home" },
  ],
  floor: { room: "1", level: 2 },
};

/** What a resource is before a change: anything, or what is often met besides. */
function anyBefore(type: Type, crew: Crew): fc.Arbitrary<JsonObject> {
  const extensions = Object.fromEntries(OPEN_URNS[type].map((urn) => [urn, SETTLED_EXTENSION]));
  const required = anyBody(type, crew).map((body): JsonObject => Object.fromEntries(Object.entries(body).slice(0, 2)));
  return fc.oneof(
    anyBody(type, crew),
    required.map((body): JsonObject => ({ ...body, ...SETTLED[type], ...extensions })),
  );
}

function anyAct(crew: Crew): fc.Arbitrary<Act> {
  return fc
    .tuple(
      fc.oneof(
        { weight: 5, arbitrary: fc.constant<Type>("User") },
        { weight: 1, arbitrary: fc.constant<Type>("Group") },
      ),
      fc.oneof(
        { weight: 2, arbitrary: fc.constant<Method>("POST") },
        { weight: 1, arbitrary: fc.constant<Method>("PUT") },
        { weight: 5, arbitrary: fc.constant<Method>("PATCH") },
      ),
    )
    .chain(([type, method]) =>
      fc.record({
        type: fc.constant(type),
        method: fc.constant(method),
        before: method === "POST" ? fc.constant({}) : anyBefore(type, crew),
        body: method === "PATCH" ? anyPatch(type, crew) : anyBody(type, crew),
      }),
    );
}

/** Any request that writes. */
export function anyRequest(crew: Crew): fc.Arbitrary<AnyRequest> {
  const act = anyAct(crew);
  return fc.oneof(
    { weight: 4, arbitrary: act.map((one): AnyRequest => ({ isBulk: false, acts: [one] })) },
    {
      weight: 1,
      arbitrary: fc.array(act, { minLength: 1, maxLength: 3 }).map((acts): AnyRequest => ({ isBulk: true, acts })),
    },
  );
}
