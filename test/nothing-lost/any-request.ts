import fc from "fast-check";
import { anyBody, type Crew } from "./any-body.ts";
import { anyPatch } from "./any-patch.ts";
import type { JsonObject } from "./known.ts";
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
        before: method === "POST" ? fc.constant({}) : anyBody(type, crew),
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
