import * as z from "zod";
import type { EnrolmentFilter } from "../../directory/enrolment-condition.ts";
import { ENROLLED_ORDERS, isByEnrolment } from "../../directory/people-order.ts";
import type { EnrolledQuery as PeopleOfItem } from "../../enrolment/enrolled-people-store.ts";

/** What the URL of an item's page, and of its export, may ask for. */
export const enrolledQuery = z
  .object({
    kind: z.enum(["training", "phishing"]).catch("training"),
    id: z.string().max(200).catch(""),
    show: z.enum(["active", "withdrawn", "none"]).catch("active"),
    q: z.string().trim().max(200).catch(""),
    sort: z.enum(ENROLLED_ORDERS).catch("-added"),
  })
  // Who is not enrolled has no time to be sorted by.
  .transform((query) =>
    query.show === "none" && isByEnrolment(query.sort) ? { ...query, sort: "-added" as const } : query,
  );
/** Which people of an item are listed. */
export type EnrolledListQuery = z.output<typeof enrolledQuery>;

/** What each choice of people is called. */
export const SHOWN_WORDS: Record<EnrolmentFilter["state"], string> = {
  active: "Enrolled",
  withdrawn: "No longer enrolled",
  none: "Not enrolled",
};

/** Which people the query of an item's list means. */
export function peopleOf({ kind, id, show, q, sort }: EnrolledListQuery): PeopleOfItem {
  const enrolment = { kind, itemId: id, state: show };
  return { search: q, status: null, settingId: null, isUnmanaged: false, enrolment, order: sort };
}
