import * as z from "zod";
import type { EnrolmentFilter } from "../../directory/enrolled-people.ts";
import { PEOPLE_ORDERS } from "../../directory/people-order.ts";
import type { EnrolledQuery as PeopleOfItem } from "../../enrolment/enrolled-people-store.ts";

/** What the URL of an item's page, and of its export, may ask for. */
export const enrolledQuery = z.object({
  kind: z.enum(["training", "phishing"]).catch("training"),
  id: z.string().max(200).catch(""),
  show: z.enum(["active", "withdrawn", "none"]).catch("active"),
  q: z.string().trim().max(200).catch(""),
  sort: z.enum(PEOPLE_ORDERS).catch("-added"),
});
/** Which people of an item are listed. */
export type EnrolledQuery = z.output<typeof enrolledQuery>;

/** What each choice of people is called. */
export const SHOWN_WORDS: Record<EnrolmentFilter["state"], string> = {
  active: "Enrolled",
  withdrawn: "No longer enrolled",
  none: "Not enrolled",
};

/** Which people the query of an item's list means. */
export function peopleOf({ kind, id, show, q, sort }: EnrolledQuery): PeopleOfItem {
  const enrolment = { kind, itemId: id, state: show };
  return { search: q, status: null, settingId: null, isUnmanaged: false, enrolment, order: sort };
}
