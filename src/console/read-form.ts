import type * as z from "zod";
import { isStorable } from "../scim/json.ts";
import type { ConsoleContext } from "./console-env.ts";
import { Refused } from "./refused.ts";

/** A form's values as typed in, by field name. */
export type Values = Record<string, string>;
/** What is wrong with which field; the key "" is the form as a whole. */
export type Errors = Record<string, string>;

type FormReading<Data> = { ok: true; data: Data; values: Values } | { ok: false; values: Values; errors: Errors };

/** The text fields of a submitted form; of several with one name the last counts. */
export async function readValues(c: ConsoleContext): Promise<Values> {
  const body = await c.req.parseBody().catch(() => {
    throw new Refused(400, "This form cannot be read", "Nothing was saved. Load the page again and send its form.");
  });
  if (Object.values(body).some((value) => typeof value === "string" && !isStorable(value)))
    throw new Refused(400, "This form cannot be read", "Nothing was saved. A field holds a character that is none.");
  return Object.fromEntries(
    Object.entries(body).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
  );
}

/** Judges a form's values by a schema; the first problem of each field is kept. */
function judgeValues<Schema extends z.ZodType>(values: Values, schema: Schema): FormReading<z.output<Schema>> {
  const result = schema.safeParse(values);
  if (result.success) return { ok: true, data: result.data, values };
  const errors: Errors = {};
  for (const issue of result.error.issues) {
    const field = String(issue.path[0] ?? "");
    errors[field] ??= explain(issue);
  }
  return { ok: false, values, errors };
}

/** Reads and judges a submitted form. */
export async function readForm<Schema extends z.ZodType>(
  c: ConsoleContext,
  schema: Schema,
): Promise<FormReading<z.output<Schema>>> {
  return judgeValues(await readValues(c), schema);
}

function explain(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return "This is needed.";
    case "invalid_value":
      return "Choose one of these.";
    case "too_small":
      return issue.origin === "string" ? "This is needed." : `The least is ${issue.minimum}.`;
    case "too_big":
      return issue.origin === "string" ? `At most ${issue.maximum} characters.` : `The most is ${issue.maximum}.`;
    default:
      return issue.message;
  }
}
