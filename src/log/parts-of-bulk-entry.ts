import { type Note, placeIn } from "../scim/note.ts";
import { type LogEntry, PART_STATUS } from "./log-entry.ts";
import { withoutPerson } from "./notes-without-person.ts";
import { redactEntry } from "./redact-log-entry.ts";

/** Whom an operation of a Bulk request was about. */
export interface NotedPerson {
  method: string;
  id: string;
  userName: string | null;
}

/**
 * What the notes of a Bulk request say of people, in a row for each of them: the row of the request is found by nobody.
 * `entry` is that row as it is kept, `people` are those whom its operations were about, by place.
 */
export function partsOf(entry: LogEntry, notes: readonly Note[], people: ReadonlyMap<number, NotedPerson>): LogEntry[] {
  const byPlace = Map.groupBy(notes, ({ path }) => placeIn(path));
  return [...byPlace].flatMap(([place, told]) => {
    const person = place === null ? undefined : people.get(place);
    const personal = told.filter((note) => !isSame(note, withoutPerson(note)));
    if (person === undefined || personal.length === 0) return [];
    return redactEntry({
      ...entry,
      ...{ id: `${entry.id}.${place}`, method: person.method, path: "/", status: PART_STATUS },
      ...{ resourceType: "User", resourceId: person.id, label: person.userName, requestBody: null, responseBody: null },
      notes: personal,
    });
  });
}

/** The notes of a Bulk request with what its parts hold of them. */
export function withParts(notes: readonly Note[], parts: readonly Note[]): Note[] {
  const told = [...parts];
  return notes.map((note) => {
    const found = told.findIndex((part) => isSame(withoutPerson(part), note));
    return found < 0 ? note : (told.splice(found, 1)[0] ?? note);
  });
}

function isSame(left: Note, right: Note): boolean {
  return left.kind === right.kind && left.path === right.path && left.value === right.value;
}
