import type { Person } from "../../directory/listed-person.ts";
import { clipText } from "../../scim/clip-text.ts";
import { href } from "../routes.ts";
import { Breakable } from "../views/pills-notices-pager.tsx";

interface NameProps {
  companyId: string;
  person: Person;
  /** Whether the list has columns for what stands under the name, where it has the room for them; `ample` for a list of many. */
  hasColumns?: boolean | "ample";
}

/** Somebody in a list, with the way to their page. */
export function NameOf({ companyId, person, hasColumns = false }: NameProps) {
  const name = nameOf(person);
  return (
    <>
      <a href={href("person", { companyId, userId: person.id })}>
        <Breakable name={person.userName} />
      </a>
      {person.email !== null && person.email !== person.userName && (
        <span class={hasColumns === "ample" ? "sub close" : hasColumns ? "sub tight" : "sub"}>{emailOf(person)}</span>
      )}
      {name !== "" && <span class="sub slim">{name}</span>}
      {!person.managed && <span class={hasColumns ? "sub slim" : "sub"}>{connectionOf(person)}</span>}
    </>
  );
}

/** Characters of a value that a row shows: one may have tens of thousands, and a page has fifty rows. */
const MOST_IN_ROW = 200;

/** The first and last name of somebody in a list; empty where neither is known. */
export function nameOf({ firstName, lastName }: Pick<Person, "firstName" | "lastName">): string {
  return clipText([firstName, lastName].filter(Boolean).join(" "), MOST_IN_ROW);
}

/** The e-mail address of somebody in a list; empty where none is known. */
export function emailOf({ email }: Pick<Person, "email">): string {
  return clipText(email ?? "", MOST_IN_ROW);
}

/** What is said of somebody whom no SCIM setting keeps up to date. */
export function connectionOf({ beingRemoved }: Pick<Person, "beingRemoved">): string {
  return beingRemoved ? "Being removed" : "Without a connection";
}

/** The SCIM setting that somebody came through, and whether it keeps them up to date no more. */
export function sourceName({ managed, setting: { name, isDeleted } }: Pick<Person, "managed" | "setting">): string {
  if (isDeleted) return `${name} (deleted)`;
  return managed ? name : `${name} (without a connection)`;
}

/** The department of somebody in a list; empty where none is known. */
export function departmentOf({ department }: Pick<Person, "department">): string {
  return clipText(department ?? "", MOST_IN_ROW);
}
