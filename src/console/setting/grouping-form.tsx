import type { Grouping, Guide } from "../../providers/guide.ts";
import type { Field } from "../../settings/fields.ts";
import type { Errors, Values } from "../read-form.ts";
import { Choice, FieldError } from "../views/form.tsx";
import { EveryonePicture, FieldPicture, IdpPicture, NonePicture, UngroupedPicture } from "./grouping-pictures.tsx";
import { PATH_PREFIX } from "./setting-draft.ts";

interface GroupingProps {
  fields: readonly Field[];
  groupNames: readonly string[];
  values: Values;
  errors: Errors;
  /** What to know of the chosen provider about each grouping. */
  guide: Pick<Guide, "name" | "groupings">;
}

/** How people are sorted into target groups; inputs of a form around it. */
export function GroupingFields({ fields, groupNames, values, errors, guide }: GroupingProps) {
  return (
    <div class="stack loose">
      <Criteria values={values} errors={errors} guide={guide} />
      <FieldChoice fields={fields} values={values} errors={errors} />
      <OwnGroup groupNames={groupNames} values={values} errors={errors} />
    </div>
  );
}

function Criteria({ values, errors, guide }: Pick<GroupingProps, "values" | "errors" | "guide">) {
  const isChosen = (value: string) => values.criteria === value;
  return (
    <fieldset aria-describedby={errors.criteria === undefined ? undefined : "criteria-error"}>
      <legend>Grouping criteria</legend>
      <div class="choices three">
        <Choice
          name="criteria"
          value="field"
          title="By a SCIM field"
          hint={
            <>
              One target group for each value, for example each department. People move when their value changes.
              <OfProvider guide={guide} grouping="field" />
            </>
          }
          checked={isChosen("field")}
          autofocus={errors.criteria !== undefined}
          picture={<FieldPicture />}
        />
        <Choice
          name="criteria"
          value="idp"
          title="Synchronise groups"
          hint={
            <>
              Each group of your identity platform becomes a target group of the same name with the same members.
              <OfProvider guide={guide} grouping="idp" />
            </>
          }
          checked={isChosen("idp")}
          picture={<IdpPicture />}
        />
        <Choice
          name="criteria"
          value="none"
          title="No criteria"
          hint="Everybody goes into the one group you name below."
          checked={isChosen("none")}
          picture={<NonePicture />}
        />
      </div>
      <FieldError name="criteria" errors={errors} />
    </fieldset>
  );
}

/** What the chosen provider makes of a grouping. */
function OfProvider({ guide, grouping }: Pick<GroupingProps, "guide"> & { grouping: Grouping }) {
  const text = guide.groupings[grouping];
  return text === undefined ? null : <span class="of-provider">{text}</span>;
}

function FieldChoice({ fields, values, errors }: Pick<GroupingProps, "fields" | "values" | "errors">) {
  const mapped = fields.filter((field) => field.standard || (values[PATH_PREFIX + field.key] ?? "").trim() !== "");
  const chosen = values.field || (errors.field === undefined ? "department" : "");
  return (
    <div class="field when-field">
      <label for="field">Field whose values become target groups</label>
      <select
        id="field"
        name="field"
        autofocus={errors.field !== undefined}
        aria-invalid={errors.field === undefined ? undefined : "true"}
        aria-describedby={errors.field === undefined ? undefined : "field-error"}
      >
        {!mapped.some((field) => field.key === chosen) && (
          <option value="" selected>
            Choose…
          </option>
        )}
        {mapped.map((field) => (
          <option value={field.key} selected={field.key === chosen}>
            {field.label}
          </option>
        ))}
      </select>
      <FieldError name="field" errors={errors} />
    </div>
  );
}

function OwnGroup({ groupNames, values, errors }: Pick<GroupingProps, "groupNames" | "values" | "errors">) {
  return (
    <fieldset class="stack tight">
      <legend class="hidden">The setting’s own target group</legend>
      <div class="field">
        <label for="own-group">Group name</label>
        <span class="hint" id="group-hint">
          Optional with criteria. A target group that people of this setting go into: choose one that is there or type a
          new name.
        </span>
        <input
          type="text"
          id="own-group"
          name="group"
          list="group-names"
          value={values.group ?? ""}
          placeholder="All employees"
          maxlength={256}
          autocomplete="off"
          autofocus={errors.group !== undefined}
          aria-invalid={errors.group === undefined ? undefined : "true"}
          aria-describedby={`group-hint${errors.group === undefined ? "" : " group-error"}`}
        />
        <datalist id="group-names">
          {groupNames.map((name) => (
            <option value={name}></option>
          ))}
        </datalist>
        <FieldError name="group" errors={errors} />
      </div>
      <div class="when-group">
        <OwnGroupScope values={values} errors={errors} />
      </div>
    </fieldset>
  );
}

function OwnGroupScope({ values, errors }: Pick<GroupingProps, "values" | "errors">) {
  const isUngrouped = values.scope === "ungrouped";
  return (
    <fieldset>
      <legend>Who goes into it</legend>
      <div class="choices three">
        <Choice
          name="scope"
          value="everyone"
          title="Everyone"
          hint="Every active user of this setting, besides the groups that the criteria give."
          checked={!isUngrouped}
          autofocus={errors.scope !== undefined}
          picture={<EveryonePicture />}
        />
        <Choice
          name="scope"
          value="ungrouped"
          title="Only those left over"
          hint="Users for whom the criteria give no group, for example without a department."
          checked={isUngrouped}
          picture={<UngroupedPicture />}
        />
      </div>
      <FieldError name="scope" errors={errors} />
    </fieldset>
  );
}

/** Group settings in one sentence. */
export function describeGrouping(values: Values, fields: readonly Field[]): string {
  const group = (values.group ?? "").trim();
  const label = fields.find((field) => field.key === values.field)?.label ?? values.field ?? "";
  const criteria: Record<string, string> = {
    field: `One target group for each value of ${label}`,
    idp: "Each group of the identity platform becomes a target group",
    none: `Everybody goes into “${group}”`,
  };
  const first = criteria[values.criteria ?? ""] ?? "No criteria chosen";
  if (group === "" || values.criteria === "none") return `${first}.`;
  return values.scope === "ungrouped"
    ? `${first}; people without one go into “${group}”.`
    : `${first}; everybody is also in “${group}”.`;
}
