import { guideOf } from "../../providers/guides.ts";
import type { Field } from "../../settings/fields.ts";
import type { Provider } from "../../settings/setting.ts";
import type { Errors, Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { FieldError } from "../views/form.tsx";
import { explainPath } from "./explain-path.ts";
import { fieldsWithoutPath, PATH_PREFIX } from "./setting-draft.ts";

interface MappingProps {
  companyId: string;
  provider: Provider;
  fields: readonly Field[];
  values: Values;
  errors: Errors;
}

/** Which SCIM attribute fills which field; inputs of a form around it. */
export function MappingFields({ companyId, provider, fields, values, errors }: MappingProps) {
  return (
    <>
      <datalist id="suggested-paths">
        {guideOf(provider).paths.map(({ label, path }) => (
          <option value={path}>{label}</option>
        ))}
      </datalist>
      {fields.map((field) => (
        <MappingRow companyId={companyId} field={field} values={values} errors={errors} />
      ))}
    </>
  );
}

function MappingRow({
  companyId,
  field,
  values,
  errors,
}: Omit<MappingProps, "provider" | "fields"> & { field: Field }) {
  const name = PATH_PREFIX + field.key;
  const id = `path-${field.key}`;
  const value = values[name] ?? field.path ?? "";
  const error = errors[name];
  return (
    <div class="mapping">
      <div>
        <label for={id}>{field.label}</label> <span class="tag">{field.standard ? "standard" : field.type}</span>
      </div>
      <div class="field">
        <input
          type="text"
          id={id}
          name={name}
          class="mono"
          value={value}
          list="suggested-paths"
          placeholder={field.path ?? "not mapped: leave empty, or give a SCIM path"}
          spellcheck={false}
          autocomplete="off"
          maxlength={500}
          data-check={href("checkPath", { companyId })}
          autofocus={error !== undefined}
          aria-invalid={error === undefined ? undefined : "true"}
          aria-describedby={`${id}-sample${error === undefined ? "" : ` ${name}-error`}`}
        />
        <span class="sample hint" id={`${id}-sample`} aria-live="polite">
          {error === undefined ? explainPath(value).message : ""}
        </span>
        <FieldError name={name} errors={errors} />
      </div>
    </div>
  );
}

/** Says which of the company's own fields a form leaves without a path. */
export function Unfilled({ values, fields }: Pick<MappingProps, "values" | "fields">) {
  return (
    <>
      {fieldsWithoutPath(values, fields).map(({ label }) => (
        <div>
          <strong>{label}</strong>: no path, so this setting does not fill it
        </div>
      ))}
    </>
  );
}

/** Defines a company's own field in place: sent to its own address by its own button, with all other values of the form. */
export function NewFieldInputs({ companyId, values, errors }: Pick<MappingProps, "companyId" | "values" | "errors">) {
  const hasError = errors.newLabel !== undefined;
  return (
    <details open={hasError}>
      <summary>Add a custom field</summary>
      <div class="filters">
        <div class="field grow">
          <label for="newLabel">Name of the field</label>
          <input
            type="text"
            id="newLabel"
            name="newLabel"
            value={values.newLabel ?? ""}
            maxlength={60}
            placeholder="Location"
            data-enter="add-field"
            autofocus={hasError}
            aria-invalid={hasError ? "true" : undefined}
            aria-describedby={hasError ? "newLabel-error" : undefined}
          />
          <FieldError name="newLabel" errors={errors} />
        </div>
        <div class="field">
          <label for="newType">Kind of value</label>
          <select id="newType" name="newType">
            {["text", "number", "date", "boolean"].map((type) => (
              <option value={type} selected={values.newType === type}>
                {type === "boolean" ? "yes or no" : type}
              </option>
            ))}
          </select>
        </div>
        <button id="add-field" type="submit" formmethod="post" formaction={href("newField", { companyId })}>
          Add field
        </button>
      </div>
      <p class="hint">
        The field is added at once, and it belongs to the company: every SCIM setting can fill it, also where this form
        is left.
      </p>
    </details>
  );
}
