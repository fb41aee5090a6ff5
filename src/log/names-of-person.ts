import type { LogEntry } from "./log-entry.ts";

/** What a user is called. */
interface Called {
  id: string;
  userName: string;
  userNameKey: string;
  externalId: string | null;
  email: string | null;
  displayName: string | null;
}

/**
 * All that a request may have called a user whose document has these e-mail addresses: the names its rows are found by when it
 * is erased. Whatever `readBearers` of the unit takes for borne is among them, or is a group's; `log-of-user-store.ts` has them of a row.
 */
export function namesOfPerson(person: Called, emails: readonly string[]): string[] {
  const { userName, userNameKey, externalId, email, displayName, id } = person;
  return [userName, userNameKey, externalId, email, displayName, id, ...emails].filter((name) => name !== null);
}

/**
 * The forms in which the log may hold a name, `key` being the name as names are folded. SQLite folds the log's labels, ASCII
 * letters only, hence the forms in capital and small letters beside the one that was sent.
 */
export function formsInLog(name: string, key: string): string[] {
  return [name, name.toUpperCase(), name.toLowerCase(), key].map(foldAscii);
}

/** The name by which alone a row is found; null where it has somebody's id, or no name. */
export function nameFoundBy({ resourceId, label }: LogEntry): string | null {
  return resourceId === null ? label : null;
}

/** A name as SQLite's lower() makes it: only the letters of ASCII. */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
