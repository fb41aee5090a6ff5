import { MAX_FIELD_TEXT } from "../../directory/edited-field-values.ts";
import type { Field, FieldType } from "../../settings/fields.ts";
import type { ConsoleContext } from "../console-env.ts";
import { attempt } from "../perform-for-page.ts";
import { type Errors, readValues, type Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { ErrorSummary, FormEnd, Hidden, Input, Select } from "../views/form.tsx";
import { inputNameOf, readPersonForm, toValues, valuesBefore } from "./person-form.ts";
import { PersonFrame } from "./person-frame.tsx";
import { fullNameOf, type PersonInFull, requireUnmanaged } from "./require-person.ts";

/** The form that edits somebody without a connection. */
export async function showEdit(c: ConsoleContext) {
  const person = await requireUnmanaged(c);
  return showForm(c, person, toValues(person));
}

function showForm(c: ConsoleContext, { user, fields }: PersonInFull, values: Values, errors: Errors = {}) {
  const at = { companyId: c.var.company.id, userId: user.id };
  return c.html(
    <PersonFrame
      c={c}
      user={user}
      title={`Edit ${fullNameOf(user)}`}
      lead="Their target groups do not follow the fields any more: change those on the pages of the groups."
    >
      <form class="card stack" method="post" action={href("editPerson", at)}>
        <ErrorSummary errors={errors} />
        {fields.map((field) => (
          <FieldInput field={field} values={values} errors={errors} />
        ))}
        <Hidden values={valuesBefore(values)} />
        <FormEnd cancel={href("person", at)} label="Save" />
      </form>
    </PersonFrame>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

const HINTS: Partial<Record<FieldType, string>> = { number: "A number.", date: "A date, such as 2026-11-24." };

function FieldInput({ field, values, errors }: { field: Field; values: Values; errors: Errors }) {
  const name = inputNameOf(field);
  if (field.type === "boolean")
    return (
      <Select
        name={name}
        label={field.label}
        values={values}
        errors={errors}
        options={[
          { value: "", label: "–" },
          { value: "true", label: "Yes" },
          { value: "false", label: "No" },
        ]}
      />
    );
  return (
    <Input
      name={name}
      label={field.label}
      values={values}
      errors={errors}
      hint={HINTS[field.type]}
      maxlength={MAX_FIELD_TEXT}
      autocomplete="off"
    />
  );
}

/** Changes the person by the form. */
export async function editPerson(c: ConsoleContext) {
  const person = await requireUnmanaged(c);
  const values = await readValues(c);
  const { given, errors } = readPersonForm(values, person.fields);
  if (Object.keys(errors).length > 0) return showForm(c, person, values, errors);
  const result = await attempt(c, { kind: "editTargetUser", userId: person.user.id, fields: given });
  if (!result.ok) return showForm(c, person, values, { "": result.detail });
  const at = { companyId: c.var.company.id, userId: person.user.id };
  return c.redirect(href("person", at, { done: "person-changed" }), 303);
}
