import type { Person } from "../../directory/people-list-store.ts";
import { clipText } from "../../scim/clip-text.ts";
import { href } from "../routes.ts";
import { Breakable } from "../views/pills-notices-pager.tsx";

/** Somebody in a list, with the way to their page. */
export function NameOf({ companyId, person }: { companyId: string; person: Person }) {
  const name = nameOf(person);
  return (
    <>
      <a href={href("person", { companyId, userId: person.id })}>
        <Breakable name={person.userName} />
      </a>
      {person.email !== null && person.email !== person.userName && (
        <span class="sub">{clipText(person.email, MOST_IN_ROW)}</span>
      )}
      {name !== "" && <span class="sub slim">{name}</span>}
      {!person.managed && <span class="sub">{person.beingRemoved ? "Being removed" : "Without a connection"}</span>}
    </>
  );
}

/** Characters of a value that a row shows: one may have tens of thousands, and a page has fifty rows. */
const MOST_IN_ROW = 200;

/** The first and last name of somebody in a list; empty where neither is known. */
export function nameOf({ firstName, lastName }: Pick<Person, "firstName" | "lastName">): string {
  return clipText([firstName, lastName].filter(Boolean).join(" "), MOST_IN_ROW);
}

/** The department of somebody in a list; empty where none is known. */
export function departmentOf({ department }: Pick<Person, "department">): string {
  return clipText(department ?? "", MOST_IN_ROW);
}
