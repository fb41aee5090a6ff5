import { validateMappingPath } from "../scim/filter/attribute-path.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { ScimError } from "../scim/scim-error.ts";
import { type Field, mergeMappings } from "./fields.ts";
import type { FieldMapping, GroupSettingsInput } from "./setting.ts";

/** What is wrong with one member of an input; `pointer` is a JSON pointer (RFC 6901) into it. */
export interface InputProblem {
  pointer: string;
  detail: string;
}

/** The parts of a setting that must fit together and fit the company's fields. */
export interface SettingParts {
  fieldMappings: readonly FieldMapping[];
  groupSettings: Pick<GroupSettingsInput, "criteria" | "field">;
}

/** Everything wrong with a setting's mappings and grouping field, given the company's fields; empty when all is well. */
export function judgeSetting(parts: SettingParts, fields: readonly Field[]): InputProblem[] {
  return [...judgeMappings(parts.fieldMappings, fields), ...judgeGroupingField(parts, fields)];
}

function judgeMappings(mappings: readonly FieldMapping[], fields: readonly Field[]): InputProblem[] {
  const known = new Set(fields.map((field) => field.key));
  const seen = new Set<string>();
  const problems: InputProblem[] = [];
  for (const [index, mapping] of mappings.entries()) {
    const at = `/fieldMappings/${index}`;
    if (!known.has(mapping.field))
      problems.push({ pointer: `${at}/field`, detail: unknownField(mapping.field, fields) });
    else if (seen.has(mapping.field))
      problems.push({ pointer: `${at}/field`, detail: `The field "${mapping.field}" is mapped twice: map it once.` });
    seen.add(mapping.field);
    const wrongPath = judgePath(mapping.path);
    if (wrongPath !== null) problems.push({ pointer: `${at}/path`, detail: wrongPath });
  }
  return problems;
}

function judgeGroupingField(parts: SettingParts, fields: readonly Field[]): InputProblem[] {
  const key = parts.groupSettings.field;
  if (parts.groupSettings.criteria !== "field" || key === undefined) return [];
  const pointer = "/groupSettings/field";
  if (!fields.some((field) => field.key === key)) return [{ pointer, detail: unknownField(key, fields) }];
  if (mergeMappings(parts.fieldMappings).some((mapping) => mapping.field === key)) return [];
  return [{ pointer, detail: `The field "${key}" is not mapped in this setting: add it to fieldMappings first.` }];
}

function judgePath(path: string): string | null {
  try {
    const { attribute, subAttribute } = validateMappingPath(resourceTypes().User, path);
    const { mutability, name } = subAttribute ?? attribute;
    if (mutability !== "readOnly") return null;
    return `${name} is read-only: what a provider sends for it is not kept, and the field would stay empty.`;
  } catch (error) {
    if (error instanceof ScimError) return error.detail;
    throw error;
  }
}

function unknownField(key: string, fields: readonly Field[]): string {
  return `There is no field "${key}": this company has ${fields.map((field) => field.key).join(", ")}.`;
}
