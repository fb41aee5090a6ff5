/**
 * The steps that bring a company's rows from the form in which an earlier version wrote them into the present one, in their
 * order. A company's row counts those that it has been through, so this list only grows at its end; what each step does
 * stands in `writer/renewal-table.ts`.
 */
export const STORED_FORMS = [
  "targetGroupNames",
  "groupNames",
  "userNames",
  "persons",
  "emailLookups",
  "groupDocuments",
  "userDocuments",
  "userFields",
] as const;

/** The name of such a step. */
export type StoredForm = (typeof STORED_FORMS)[number];

/** The number of a company whose rows are in the present form. */
export const PRESENT_FORM = STORED_FORMS.length;

/** How far a company's rows are: so many steps, and the place in the next one that its rows up to there are done. */
export interface FormPlace {
  done: number;
  after: string;
}
