/** Something about a request that was accepted but deserves a line in the provisioning log. */
export interface Note {
  kind: "unknownAttribute" | "readOnlyIgnored" | "severalPrimaries";
  path: string;
  message: string;
}

/** A name that no schema describes, left out. */
export function unknownAttributeNote(path: string): Note {
  const shown = path.length > 120 ? `${path.slice(0, 117)}...` : path;
  return {
    kind: "unknownAttribute",
    path: shown,
    message: `${shown} is not an attribute of any schema; it was ignored.`,
  };
}

/** An attribute that only the service provider sets, left out. */
export function readOnlyNote(path: string): Note {
  return {
    kind: "readOnlyIgnored",
    path,
    message: `${path} is set by the service provider; the sent value was ignored.`,
  };
}
