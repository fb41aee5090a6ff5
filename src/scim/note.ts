/** Something about a request that was accepted but deserves a warning in the provisioning log. */
export interface Note {
  kind: "unknownAttribute";
  path: string;
  message: string;
}

/** A name that no schema describes, left out (design section 10). */
export function unknownAttributeNote(path: string): Note {
  const shown = path.length > 120 ? `${path.slice(0, 117)}...` : path;
  return {
    kind: "unknownAttribute",
    path: shown,
    message: `${shown} is not an attribute of any schema; it was ignored.`,
  };
}
