/** Something about a request that was accepted but deserves a warning in the provisioning log. */
export interface Note {
  kind: "unknownAttribute";
  path: string;
  message: string;
}

/** The log keeps this many notes of one request; a body can hold hundreds of thousands of unknown names. */
export const MAX_NOTES = 20;

/** Notes a name that no schema describes and that was left out, until the request has its fill of notes. */
export function noteUnknown(notes: Note[], path: string): void {
  if (notes.length >= MAX_NOTES) return;
  const shown = path.length > 120 ? `${path.slice(0, 117)}...` : path;
  const message = `${shown} is not an attribute of any schema; it was ignored.`;
  notes.push({ kind: "unknownAttribute", path: shown, message });
}
