import type { Note } from "../scim/note.ts";

/** What stands for the method where no request was made: what was stored before was brought into the form of today. */
export const RENEWAL_METHOD = "RENEWAL";

/**
 * The status of a row that is no request's: a part of one about many, which holds what its notes say of one person and is
 * erased with that one. Its id is that of the request, a dot, and the place of the operation.
 */
export const PART_STATUS = 0;

/** One row of the provisioning log: a SCIM request, redacted, and what became of it. Times in milliseconds. */
export interface LogEntry {
  /** The request's id (UUID v7), as in X-Request-Id and in the causes of changes. */
  id: string;
  settingId: string;
  tokenId: string | null;
  time: number;
  method: string;
  path: string;
  resourceType: "User" | "Group" | null;
  resourceId: string | null;
  /** The userName or displayName the request was about, as far as it is known. */
  label: string | null;
  status: number;
  /** Why it was refused; null also in rows of before there were codes. */
  code: string | null;
  scimType: string | null;
  detail: string | null;
  duration: number;
  /** JSON texts with secrets redacted and long bodies cut. */
  requestBody: string | null;
  responseBody: string | null;
  /** What was accepted but deserves a word: attributes ignored, what waits in a hold. */
  notes: Note[];
  /** The attribute by which the request looked for users, where that may get an index of its own; no column of the row. */
  lookedUp?: string;
  /** What is kept of the request's body instead if it is refused; no column. */
  frame?: string | null;
}

/** The rows of the log that a commit writes, and the settings that they are of. */
export interface LoggedRequests {
  logEntries: readonly LogEntry[];
  config: { settings: ReadonlyMap<string, { key: number }> };
  now: number;
}
