import { foldCase } from "../fold-case.ts";
import { eachOnce, equalJson, isJsonObject, isPollutingName, type Json, type JsonObject } from "../json.ts";
import { isSecret } from "../secret-attributes.ts";
import { assertFew, invalidValue } from "./unfit-value.ts";

/** A value that no schema describes, as sent but for secrets and the nulls and blanks that mean "no value"; undefined for one of these. */
export function readOpenValue(value: Json, where: string): Json | undefined {
  return readWhole(value, where, false);
}

/** The same as a change of what is there: a null in an object stays, and clears what it names. */
export function readOpenParts(value: Json, where: string): Json | undefined {
  return readWhole(value, where, true);
}

/** Of a list that is a whole attribute equal elements are kept once, and counted so; one within is kept as sent. */
function readWhole(value: Json, where: string, keepsNulls: boolean): Json | undefined {
  if (!Array.isArray(value)) return read(value, where, keepsNulls);
  const kept = eachOnce(readElements(value, where));
  assertFew(kept.length, where);
  return kept.length === 0 ? undefined : kept;
}

function read(value: Json, where: string, keepsNulls: boolean): Json | undefined {
  if (value === null) return undefined;
  if (typeof value === "string") return value.trim() === "" ? undefined : value;
  if (typeof value !== "object") return value;
  if (!Array.isArray(value)) return readObject(value, where, keepsNulls);
  const kept = readElements(value, where);
  assertFew(kept.length, where);
  return kept.length === 0 ? undefined : kept;
}

function readElements(list: readonly Json[], where: string): Json[] {
  return list.map((element) => read(element, where, false)).filter((element) => element !== undefined);
}

/** Names are found in any case, so that two spellings of one are the same part: they may not contradict each other. */
function readObject(value: JsonObject, where: string, keepsNulls: boolean): JsonObject | undefined {
  const result: JsonObject = {};
  const spellings = new Map<string, string>();
  for (const name of Object.keys(value)) {
    if (isPollutingName(name)) throw invalidValue(where, `may not hold the name ${name}`);
    if (isSecret(name)) continue;
    const kept = read(value[name] ?? null, where, keepsNulls) ?? (keepsNulls ? null : undefined);
    // An object in a change that names nothing changes nothing.
    if (kept === undefined || (keepsNulls && isJsonObject(kept) && Object.keys(kept).length === 0)) continue;
    const folded = foldCase(name);
    const key = spellings.get(folded) ?? name;
    const before = spellings.has(folded) ? result[key] : undefined;
    spellings.set(folded, key);
    const isSaid = before !== undefined && before !== null;
    if (isSaid && kept !== null && !equalJson(before, kept))
      throw invalidValue(`${where}.${name}`, "is given more than once, with different values");
    if (!isSaid) result[key] = kept;
  }
  return Object.keys(result).length === 0 && !keepsNulls ? undefined : result;
}

/** A value in the wrapping of older Entra connectors, `{"$ref": null, "value": "x"}`; another object is what it looks like. */
export function unwrapOpen(value: Json): Json {
  if (!isJsonObject(value) || value.value === undefined || typeof value.value === "object") return value;
  const rest = Object.keys(value).filter((name) => name !== "value");
  return rest.length > 0 && rest.every((name) => value[name] === null) ? value.value : value;
}
