import type { Json } from "../json.ts";
import type { NoteList } from "../limited-note-list.ts";
import { ScimError } from "../scim-error.ts";
import type { Attribute } from "./schema.ts";

/** A refusal of a value that says which attribute it was for (RFC 7644 section 3.12). */
export function invalidValue(where: string, reason: string): ScimError {
  return new ScimError("invalid_value", `${where} ${reason}.`);
}

/** Most elements kept in one list. */
const MAX_ELEMENTS = 1000;

/** Refuses a list of more elements than are kept. */
export function assertFew(count: number, where: string): void {
  if (count > MAX_ELEMENTS) throw invalidValue(where, `takes at most ${MAX_ELEMENTS} values`);
}

/**
 * A value that an attribute does not take and that need not cost the rest of the request, such as the boolean of an
 * expression at the IdP where text is due: it refuses the request only where the attribute is required.
 */
export class Unfit extends ScimError {
  readonly where: string;
  readonly sent: Json;

  constructor(where: string, reason: string, sent: Json) {
    super("invalid_value", `${where} ${reason}.`);
    this.where = where;
    this.sent = sent;
  }
}

/** What `read` gives, in a box; null, with a note, when the value does not fit and the attribute can do without. */
export function readOrLeaveOut<T>(attribute: Attribute, notes: NoteList, read: () => T): { value: T } | null {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof Unfit) || attribute.required) throw error;
    notes.add("value_left_out", error.where, error.sent);
    return null;
  }
}
