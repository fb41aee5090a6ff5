import { MAX_FIELD_TEXT } from "../../directory/field-values.ts";
import type { Field } from "../../settings/fields.ts";
import type { ConsoleContext } from "../console-env.ts";
import { attempt } from "../perform.ts";
import { type Errors, readValues, type Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { Choice, ErrorSummary, Hidden, Input, Select } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { countOf } from "../views/parts.tsx";
import { type Departure, findDeparture } from "./departure-store.ts";
import { nameOf, readPersonForm, toValues, valuesBefore } from "./person-form.ts";
import { describeEnrolments } from "./remove-person-page.tsx";
import { fullNameOf, type PersonInFull, requireUnmanaged } from "./require-person.ts";

/** The form that edits somebody without a connection. */
export async function showEdit(c: ConsoleContext) {
  const person = await requireUnmanaged(c);
  return showForm(c, person, toValues(person));
}

async function showForm(c: ConsoleContext, { user, fields }: PersonInFull, values: Values, errors: Errors = {}) {
  const at = { companyId: c.var.company.id, userId: user.id };
  const departure = await findDeparture(c.var.database, user.key);
  return c.html(
    <Page
      title={`Edit ${fullNameOf(user)}`}
      company={c.var.company}
      session={c.var.session}
      section="people"
      crumbs={[
        { label: "People", url: href("people", { companyId: at.companyId }) },
        { label: fullNameOf(user), url: href("person", at) },
      ]}
      lead="Their target groups do not follow the fields any more: change those on the pages of the groups."
      narrow
    >
      <form class="card stack" method="post" action={href("editPerson", at)}>
        <ErrorSummary errors={errors} />
        {fields.map((field) => (
          <FieldInput field={field} values={values} errors={errors} />
        ))}
        <Hidden values={valuesBefore(values)} />
        <Status values={values} departure={user.active ? departure : null} />
        <div class="actions">
          <a class="button" href={href("person", at)}>
            Cancel
          </a>
          <button class="primary" type="submit">
            Save
          </button>
        </div>
      </form>
    </Page>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

function FieldInput({ field, values, errors }: { field: Field; values: Values; errors: Errors }) {
  const name = nameOf(field);
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
      hint={field.type === "date" ? "A date, such as 2026-11-24." : undefined}
      maxlength={MAX_FIELD_TEXT}
      autocomplete="off"
    />
  );
}

/** `departure` is what an active person would lose; null for an inactive one. */
function Status({ values, departure }: { values: Values; departure: Departure | null }) {
  const isInactive = values.status === "inactive";
  return (
    <fieldset>
      <legend>Status</legend>
      <div class="choices">
        <Choice
          name="status"
          value="active"
          title="Active"
          hint={departure === null ? "Comes back to the target groups given by hand only." : undefined}
          checked={!isInactive}
        />
        <Choice
          name="status"
          value="inactive"
          title="Inactive"
          hint={departure === null ? undefined : describeInactive(departure)}
          checked={isInactive}
        />
      </div>
    </fieldset>
  );
}

function describeInactive({ groups, byHand, withdrawn }: Departure): string {
  const lost = groups - byHand;
  return `Leaves ${countOf(lost, "target group")} and is withdrawn from ${describeEnrolments(withdrawn)}. Made active again, nobody comes back by themselves to a group that a rule gave.`;
}

/** Changes the person by the form. */
export async function editPerson(c: ConsoleContext) {
  const person = await requireUnmanaged(c);
  const values = await readValues(c);
  const { change, errors } = readPersonForm(values, person.fields);
  if (Object.keys(errors).length > 0) return showForm(c, person, values, errors);
  const result = await attempt(c, { kind: "editTargetUser", userId: person.user.id, ...change });
  if (!result.ok) return showForm(c, person, values, { "": result.detail });
  const at = { companyId: c.var.company.id, userId: person.user.id };
  return c.redirect(href("person", at, { done: "person-changed" }), 303);
}
