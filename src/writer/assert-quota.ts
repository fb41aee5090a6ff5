import {
  describeReached,
  describeTooManyValues,
  isNear,
  QUOTAS,
  type QuotaName,
  type QuotaUsage,
  sayNumber,
} from "../companies/quotas.ts";
import type { DerivedUser } from "../directory/derive-user-fields.ts";
import { bytesOfText } from "../platform/text-bytes.ts";
import { ScimError } from "../scim/scim-error.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { WriteRequest } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";

/** Refuses one more of what the company has `used` so many of, with 403 when that is all it may; tells when it comes near. */
export function assertBelow(unit: UnitOfWork, name: keyof QuotaUsage, used: number): void {
  const limit = unit.config.quotas[name];
  if (used >= limit) throw new ScimError("quota", describeReached(name, limit));
  if (isNear(used + 1, limit) && !isNear(used, limit)) unit.logLine(name, describeNear(unit, name, used + 1));
}

/** Refuses one more person where the company has as many as it may (403). */
export function countPerson(unit: UnitOfWork): void {
  const people = unit.people.get("all") ?? 0;
  assertBelow(unit, "people", people);
  unit.people.set("all", people + 1);
}

/** Counts a person less, where people are counted. */
export function uncountPerson({ people }: UnitOfWork): void {
  if (people.knows("all")) people.set("all", Math.max(0, (people.get("all") ?? 0) - 1));
}

/** The text that a user's row keeps (bytes): its document, and the values of custom fields beside it. */
export function textOfUser(document: string, { customFields }: Pick<DerivedUser, "customFields">): number {
  const texts = Object.values(customFields).filter((value) => typeof value === "string");
  return texts.reduce((sum, text) => sum + bytesOfText(text), bytesOfText(document));
}

/** Refuses a user with more text than it may have (413), unless it had as much `before` (bytes); tells when it comes near. */
export function assertText({ unit, notes }: OperationContext, text: number, before: number): void {
  const limit = unit.config.quotas.textPerUser;
  if (text > limit && text > before)
    throw new ScimError(
      "quota_size",
      `This user would take ${sayNumber(text)} bytes of text, and this company may have at most ${sayNumber(limit)} ${QUOTAS.textPerUser.thing}. Nothing was changed: send shorter values, or have the operator raise the quota.`,
    );
  if (!isNear(text, limit) || isNear(before, limit)) return;
  unit.logLine("textPerUser", describeNear(unit, "textPerUser", text));
  notes.add("near_quota", null, `${sayNumber(text)} of ${sayNumber(limit)}`);
}

/** Refuses a request whose body has more values than the company may send at once (413). */
export function assertValues({ config }: UnitOfWork, { values = 0 }: Pick<WriteRequest, "values">): void {
  const limit = config.quotas.valuesPerBody;
  if (values > limit) throw new ScimError("quota_size", describeTooManyValues(values, limit));
}

/** A line for the Worker's log: a refused person can put an identity provider's whole job in quarantine. */
function describeNear({ config }: UnitOfWork, quota: QuotaName, used: number): string {
  const message = "a company comes near a quota";
  const { companyId, quotas } = config;
  return JSON.stringify({ level: "warn", room: "writer", message, companyId, quota, used, limit: quotas[quota] });
}
