import { foldCase } from "../scim/fold-case.ts";
import type { Json } from "../scim/json.ts";
import type { FieldType } from "../settings/fields.ts";

/** A value of a target user's field, of the field's type; null when the identity provider gives none. */
export type FieldValue = string | number | boolean | null;

/**
 * A SCIM value as a field of this type, in the one spelling that such values are kept in: days as 2026-11-29, numbers and
 * booleans as such. Null when there is none or it does not mean one thing: nothing is guessed.
 */
export function toFieldValue(type: FieldType, value: Json | undefined): FieldValue {
  if (value === undefined || value === null || typeof value === "object") return null;
  switch (type) {
    case "text":
      return String(value);
    case "number":
      return typeof value === "boolean" ? null : readNumber(String(value).trim());
    case "boolean":
      return readBoolean(String(value).trim());
    case "date":
      return readDay(String(value).trim());
  }
}

/** A decimal number such as -7.5; `7,5`, `0x10` and what cannot be kept exactly are none. */
function readNumber(text: string): number | null {
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return null;
  const number = Number(text);
  const isKept = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  // Minus zero would be another value than zero.
  return isKept ? number + 0 : null;
}

function readBoolean(text: string): boolean | null {
  const folded = foldCase(text);
  if (folded === "true") return true;
  return folded === "false" ? false : null;
}

const OFFSET = "(?:Z|[+-]\\d{2}(?::?\\d{2})?)";
/** ISO 8601 in its usual forms: 2026-11-29, 20261129, either with a time of day, with or without an offset. */
const ISO = new RegExp(
  `^(\\d{4})(-?)(\\d{2})\\2(\\d{2})(?:[T ](?:[01]\\d|2[0-3])(?::?[0-5]\\d(?::?(?:[0-5]\\d|60)(?:[.,]\\d+)?)?)?${OFFSET}?)?$`,
  "i",
);
/** The generalised time of LDAP (RFC 4517 section 3.3.13), e.g. 20261129130000.0Z. */
const GENERALISED = new RegExp(
  `^(\\d{4})()(\\d{2})(\\d{2})(?:[01]\\d|2[0-3])(?:[0-5]\\d(?:[0-5]\\d|60)?)?(?:[.,]\\d+)?${OFFSET}$`,
  "i",
);

/** The day that a date or a time names, as it is written there: a time of day and its offset do not change it. */
function readDay(text: string): string | null {
  const [, year, , month, day] = ISO.exec(text) ?? GENERALISED.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const named = `${year}-${month}-${day}`;
  const time = Date.parse(`${named}T00:00:00Z`);
  // A day that there is not, such as the 31st of February, would be read as another one.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(named) ? named : null;
}
