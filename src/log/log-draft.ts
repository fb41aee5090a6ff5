import type { Json, JsonObject } from "../scim/json.ts";
import type { Note } from "../scim/note.ts";

/** What the steps of a request note down for its row in the provisioning log. */
export interface LogDraft {
  resourceType: "User" | "Group" | null;
  resourceId: string | null;
  label: string | null;
  code: string | null;
  scimType: string | null;
  detail: string | null;
  requestBody: JsonObject | null;
  responseBody: Json;
  /** The same as JSON text, where it is at hand. */
  responseText: string | null;
  notes: Note[];
  /** The attribute by which it looked for users and which no index of the directory's own finds, as `LookedUpPath`. */
  lookedUp: string | null;
  /** The writer has the entry and writes it with the commit. */
  handedOver: boolean;
}

/** A draft with nothing known yet. */
export function newDraft(): LogDraft {
  return {
    resourceType: null,
    resourceId: null,
    label: null,
    code: null,
    scimType: null,
    detail: null,
    requestBody: null,
    responseBody: null,
    responseText: null,
    notes: [],
    lookedUp: null,
    handedOver: false,
  };
}
