import type { Person } from "../../directory/listed-person.ts";
import type { Column } from "../views/list.tsx";
import { Moment } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";
import { connectionOf, departmentOf, emailOf, NameOf, nameOf, sourceName } from "./name-of-person.tsx";

/** What the list of people shows of each; where they came from only where they may have come from several settings. */
export function peopleColumns(companyId: string, hasSources: boolean): Column<Person>[] {
  return [
    {
      head: "User name",
      sort: { up: "name", down: "-name" },
      namesRow: true,
      cell: (person) => <NameOf companyId={companyId} person={person} hasColumns={hasSources ? "ample" : true} />,
    },
    { head: "Name", look: "wide", sort: { up: "full-name", down: "-full-name" }, cell: nameOf },
    {
      head: "E-mail",
      look: hasSources ? "wide ample" : "wide roomy",
      sort: { up: "email", down: "-email" },
      cell: emailOf,
    },
    { head: "Department", look: "wide", sort: { up: "department", down: "-department" }, cell: departmentOf },
    { head: "Status", sort: { up: "status", down: "-status" }, cell: (person) => <Status person={person} /> },
    ...(hasSources ? [SOURCE] : []),
    {
      head: "Added",
      look: "wide",
      sort: { up: "added", down: "-added" },
      cell: ({ createdAt }) => <Moment time={createdAt} />,
    },
  ];
}

const SOURCE: Column<Person> = {
  head: "SCIM setting",
  look: "wide roomy",
  sort: { up: "source", down: "-source" },
  cell: sourceName,
};

function Status({ person }: { person: Person }) {
  return (
    <>
      {person.active ? <Pill tone="good">Active</Pill> : <Pill>Inactive</Pill>}{" "}
      {!person.managed && <span class="tag wide">{connectionOf(person)}</span>}
    </>
  );
}
