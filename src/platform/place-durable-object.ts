import type { Env } from "./env.ts";

/** The places where D1 can put a database, each of which is a hint for an object, too. */
export const REGIONS = ["wnam", "enam", "weur", "eeur", "apac", "oc"] as const;
export type Region = (typeof REGIONS)[number];

/** The jurisdictions that D1 and Durable Objects know. */
export const JURISDICTIONS = ["eu", "us", "fedramp"] as const;
export type Jurisdiction = (typeof JURISDICTIONS)[number];

/** Whether a word names a place of D1. */
export function isRegion(word: string | undefined): word is Region {
  return (REGIONS as readonly string[]).includes(word ?? "");
}

/** Whether a word names a jurisdiction. */
export function isJurisdiction(word: string | undefined): word is Jurisdiction {
  return (JURISDICTIONS as readonly string[]).includes(word ?? "");
}

/**
 * Opens the object of a name where the deployment says: in its jurisdiction, which is a part of the object's id, and, when
 * the object is made by this call, near its region. `Methods` is what the object answers to, as its caller knows it. Throws
 * for a jurisdiction that there is not: no object may begin outside of what somebody meant by it.
 */
export function openPlaced<Methods>(
  { REGION: region, JURISDICTION: jurisdiction }: Pick<Env, "REGION" | "JURISDICTION">,
  namespace: DurableObjectNamespace,
  name: string,
): Methods {
  if (jurisdiction !== undefined && jurisdiction !== "" && !isJurisdiction(jurisdiction))
    throw new Error(`JURISDICTION is "${jurisdiction}", which is none of ${JURISDICTIONS.join(", ")}`);
  const within = isJurisdiction(jurisdiction) ? namespace.jurisdiction(jurisdiction) : namespace;
  const stub = within.get(within.idFromName(name), isRegion(region) ? { locationHint: region } : undefined);
  // The binding's type cannot name the class without importing the runtime module, and rooms above, into every caller.
  return stub as unknown as Methods;
}
