import { itemKeyOf } from "../enrolment/plan-enrolments.ts";
import type { CompanyConfig } from "./company-config.ts";

type AutoEnrolments = CompanyConfig["autoEnrolments"];

/** Made once for what was read, however many enrolments are withdrawn by it. */
const NAMES = new WeakMap<AutoEnrolments, ReadonlyMap<string, string>>();

/** The names of the items that target groups enrol in, as the feed has told them, by the keys of the items. */
export function itemNamesOf({ autoEnrolments }: Pick<CompanyConfig, "autoEnrolments">): ReadonlyMap<string, string> {
  const known = NAMES.get(autoEnrolments);
  if (known !== undefined) return known;
  const names = new Map<string, string>();
  for (const item of [...autoEnrolments.values()].flat())
    if (!names.has(itemKeyOf(item))) names.set(itemKeyOf(item), item.name);
  NAMES.set(autoEnrolments, names);
  return names;
}
