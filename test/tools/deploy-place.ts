import {
  isJurisdiction,
  isRegion,
  JURISDICTIONS,
  type Jurisdiction,
  REGIONS,
  type Region,
} from "../../src/platform/place-durable-object.ts";
import { DeployRefused } from "./deploy-refused.ts";

/** The cloud region that Cloudflare puts the Worker near, for each place where D1 can put a database. */
const NEAR: Record<Region, string> = {
  wnam: "aws:us-west-2",
  enam: "aws:us-east-1",
  weur: "aws:eu-central-1",
  eeur: "gcp:europe-central2",
  apac: "aws:ap-southeast-1",
  oc: "aws:ap-southeast-2",
};

/** Where the database, the objects and the Worker belong: asked for, or as it was; null is where Cloudflare puts them. */
export interface Place {
  region: Region | null;
  jurisdiction: Jurisdiction | null;
}

/** Reads `ROLLCALL_REGION` and `ROLLCALL_JURISDICTION`; a word that is none of them is refused. */
export function readPlace(env: Readonly<Record<string, string | undefined>>): Place {
  const { ROLLCALL_REGION: region = "", ROLLCALL_JURISDICTION: jurisdiction = "" } = env;
  if (region !== "" && !isRegion(region))
    throw new DeployRefused(`ROLLCALL_REGION is one of ${REGIONS.join(", ")}: D1 has no place "${region}".`);
  if (jurisdiction !== "" && !isJurisdiction(jurisdiction))
    throw new DeployRefused(`ROLLCALL_JURISDICTION is one of ${JURISDICTIONS.join(", ")}.`);
  return { region: isRegion(region) ? region : null, jurisdiction: isJurisdiction(jurisdiction) ? jurisdiction : null };
}

/** The place in the variables of a Worker or of a configuration. */
export function placeOfVars({ REGION = "", JURISDICTION = "" }: Readonly<Record<string, string>>): Place {
  return {
    region: isRegion(REGION) ? REGION : null,
    jurisdiction: isJurisdiction(JURISDICTION) ? JURISDICTION : null,
  };
}

/** The variables that tell a Worker its place. */
export function varsOfPlace({ region, jurisdiction }: Place): Record<string, string> {
  return {
    ...(region === null ? {} : { REGION: region }),
    ...(jurisdiction === null ? {} : { JURISDICTION: jurisdiction }),
  };
}

/** The placement hint that puts a Worker near the databases of a region. */
export function placementOf(region: Region | null): string | null {
  return region === null ? null : NEAR[region];
}

/**
 * The jurisdiction to deploy with. Once the objects are there it is what they were made with, since another one is another
 * id, and so another object, for each company: asking for another is refused.
 */
export function settleJurisdiction(
  asked: Jurisdiction | null,
  { isDeployed, present }: { isDeployed: boolean; present: Jurisdiction | null },
): Jurisdiction | null {
  if (!isDeployed) return asked;
  if (asked === null || asked === present) return present;
  const made = present === null ? "without a jurisdiction" : `in the jurisdiction ${present}`;
  throw new DeployRefused(
    `Nothing was deployed: this Worker's objects were made ${made}, and ROLLCALL_JURISDICTION=${asked} would give every company another one. A jurisdiction is set with the first deployment and stays. Deploy without it, or deploy another Worker with a database of its own.`,
  );
}
