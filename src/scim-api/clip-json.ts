import type { Json } from "../scim/json.ts";

const REDACTED = '"[redacted]"';

/** The attribute a key or path ends in, lower case: `URN:User:Password` and `password[x]` both give `password`. */
function lastName(key: string): string {
  return key.split("[")[0]?.split(/[:.]/).at(-1)?.trim().toLowerCase() ?? "";
}

/**
 * A JSON text of `value` of about `limit` characters at most, with the value of every attribute of `secrets` (lower
 * case) redacted wherever it stands: as a key, behind a URN, or as the path of a PATCH operation. Its cost is bounded by
 * `limit`, not by the value's size; a cut text ends in an ellipsis.
 */
export function clipJson(value: Json, secrets: ReadonlySet<string>, limit: number): string {
  const parts: string[] = [];
  let left = limit;
  const emit = (text: string): void => {
    if (left <= 0) return;
    parts.push(text.length > left ? `${text.slice(0, left)}…` : text);
    left -= text.length;
  };
  const walk = (item: Json): void => {
    if (left <= 0) return;
    if (typeof item === "string") return emit(JSON.stringify(item.length > left ? item.slice(0, left) : item));
    if (item === null || typeof item !== "object") return emit(JSON.stringify(item));
    if (Array.isArray(item)) return walkArray(item);
    walkObject(Object.entries(item), namesSecret(item, secrets));
  };
  const walkArray = (items: Json[]): void => {
    emit("[");
    for (let index = 0; index < items.length && left > 0; index += 1) {
      if (index > 0) emit(",");
      walk(items[index] ?? null);
    }
    emit("]");
  };
  const walkObject = (entries: [string, Json | undefined][], hideValue: boolean): void => {
    emit("{");
    for (let index = 0; index < entries.length && left > 0; index += 1) {
      const [key, item = null] = entries[index] ?? [""];
      emit(`${index > 0 ? "," : ""}${JSON.stringify(key)}:`);
      if (secrets.has(lastName(key)) || (hideValue && key.toLowerCase() === "value")) emit(REDACTED);
      else walk(item);
    }
    emit("}");
  };
  walk(value);
  return parts.join("");
}

/** Whether an object is a PATCH operation on a secret attribute. */
function namesSecret(item: { [key: string]: Json | undefined }, secrets: ReadonlySet<string>): boolean {
  return Object.entries(item).some(
    ([key, path]) => key.toLowerCase() === "path" && typeof path === "string" && secrets.has(lastName(path)),
  );
}
