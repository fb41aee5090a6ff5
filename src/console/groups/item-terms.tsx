import * as z from "zod";
import { MOST_DAYS } from "../../directory/enrolment-column-values.ts";
import type { GroupAutoEnrolment } from "../../enrolment/enrolment-store.ts";
import type { Errors, Values } from "../read-form.ts";
import { Input, Select } from "../views/form.tsx";

/** On which terms a target group enrols its members in an item. */
type Terms = Pick<GroupAutoEnrolment, "dueInDays" | "reenrol">;

const days = z
  .string()
  .trim()
  .regex(/^\d{0,6}$/, "Give a whole number of days, or none.")
  .default("")
  .transform((text) => (text === "" ? undefined : Number(text)))
  .pipe(z.number().min(1).max(MOST_DAYS).optional());

/** The fields of a form that set the terms of an item; those left out, or empty, set none. */
export const termsFields = {
  dueInDays: days,
  reenrol: z.enum(["", "never", "always", "after"]).default(""),
  afterDays: days,
};
type TermsForm = z.output<z.ZodObject<typeof termsFields>>;

/** What a form sets; or what is wrong with it. */
export function readTerms({ dueInDays, reenrol, afterDays }: TermsForm): { terms: Terms; errors: Errors } {
  const due = dueInDays === undefined ? {} : { dueInDays };
  if (reenrol === "always") return { terms: { ...due, reenrol }, errors: {} };
  if (reenrol !== "after") return { terms: due, errors: {} };
  if (afterDays === undefined)
    return { terms: due, errors: { afterDays: "Give the number of days, or choose something else above." } };
  return { terms: { ...due, reenrol: { afterDays } }, errors: {} };
}

/** What a form begins with that changes terms. */
export function valuesOfTerms({ dueInDays, reenrol }: Terms): Values {
  const again = typeof reenrol === "object" ? "after" : (reenrol ?? "");
  return {
    dueInDays: dueInDays === undefined ? "" : String(dueInDays),
    reenrol: again === "never" ? "" : again,
    afterDays: typeof reenrol === "object" ? String(reenrol.afterDays) : "",
  };
}

const AGAIN = [
  { value: "", label: "Is not enrolled again" },
  { value: "always", label: "Is enrolled again" },
  { value: "after", label: "Is enrolled again some days after completing it" },
];

/** By when an item is to be completed, and what becomes of somebody who has completed it and comes back. */
export function TermsFields({ values, errors }: { values: Values; errors: Errors }) {
  return (
    <>
      <Input
        name="dueInDays"
        label="Due in days"
        values={values}
        errors={errors}
        hint="Counted from the day somebody is enrolled. Empty: it has no end. Enrolments that are open already keep theirs."
        inputmode="numeric"
        maxlength={6}
        autocomplete="off"
      />
      <Select
        name="reenrol"
        label="Who has completed it and comes back"
        values={values}
        errors={errors}
        options={AGAIN}
      />
      <Input
        name="afterDays"
        label="Days after completing it"
        values={values}
        errors={errors}
        hint="Only for the last choice."
        inputmode="numeric"
        maxlength={6}
        autocomplete="off"
      />
    </>
  );
}
