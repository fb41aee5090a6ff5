import type { Person } from "../../directory/listed-person.ts";
import { isByEnrolment, isByTime } from "../../directory/people-order.ts";
import type { Enrolment } from "../../enrolment/enrolment-store.ts";
import { departmentOf, NameOf, nameOf } from "../people/name-of-person.tsx";
import { ProgressPills } from "../people/progress-words.tsx";
import { href } from "../routes.ts";
import type { Column } from "../views/list.tsx";
import { Moment } from "../views/moments-and-counts.tsx";
import { Empty, Pill } from "../views/pills-notices-pager.tsx";
import type { EnrolledListQuery } from "./enrolled-query.ts";
import { Why, type WhyWithdrawn } from "./why-withdrawn.tsx";

/** A target group that enrols its members in the item. */
export type EnrollingGroup = { id: string; name: string; memberCount: number };

/** Somebody of the list, with the enrolment that the list is about. */
export type PersonOfItem = Person & { enrolment: Enrolment | null };

interface NobodyProps {
  companyId: string;
  query: EnrolledListQuery;
  groups: readonly EnrollingGroup[];
}

/** What the list says when it has no row. */
export function Nobody({ companyId, query, groups }: NobodyProps) {
  if (query.q !== "")
    return (
      <Empty icon="people" title="Nobody matches">
        <p>Try fewer letters, or show others.</p>
      </Empty>
    );
  if (query.show === "none")
    return (
      <Empty icon="people" title="Everybody is enrolled">
        <p>There is no active person without it.</p>
      </Empty>
    );
  if (query.show === "withdrawn")
    return (
      <Empty icon="people" title="Nobody has left it">
        <p>Who leaves the last target group that enrols them in it, or becomes inactive, is withdrawn.</p>
      </Empty>
    );
  return (
    <Empty icon="people" title="Nobody is enrolled">
      <p>
        {groups.length === 0
          ? "A target group has to enrol its members in it."
          : "The target groups that enrol their members in it have no active member."}
      </p>
      {groups.length === 0 && (
        <a class="button" href={href("groups", { companyId })}>
          To the target groups
        </a>
      )}
    </Empty>
  );
}

/** What the list shows of each of its people. */
export function enrolledColumns(
  companyId: string,
  { show, sort }: EnrolledListQuery,
  { groups, why }: { groups: readonly EnrollingGroup[]; why: WhyWithdrawn | null },
): Column<PersonOfItem>[] {
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  const person: Column<PersonOfItem> = {
    head: "Person",
    sort: { up: "name", down: "-name" },
    namesRow: true,
    cell: (row) => <NameOf companyId={companyId} person={row} />,
  };
  const started: Column<PersonOfItem> = {
    head: "Enrolled",
    look: isByTime(sort) ? "wide roomy" : show === "active" || isByEnrolment(sort) ? undefined : "wide",
    sort: { up: "enrolled", down: "-enrolled" },
    cell: ({ enrolment }) => <Moment time={enrolment?.startedAt ?? null} />,
  };
  const ended: Column<PersonOfItem> = {
    head: "Withdrawn",
    cell: ({ enrolment }) => <Moment time={enrolment?.withdrawnAt ?? null} none={show === "none" ? "never" : "–"} />,
  };
  const whom = [person, NAME, DEPARTMENT];
  // What the list stands by is seen at any width.
  const added: Column<PersonOfItem> = { ...ADDED, look: isByTime(sort) ? undefined : "wide roomy" };
  if (show === "none") return [...whom, ended, added];
  const because: Column<PersonOfItem> = {
    head: "Why",
    look: "kind",
    cell: ({ enrolment }) =>
      why !== null && <Why companyId={companyId} enrolment={enrolment} why={why} enrolling={new Set(names.keys())} />,
  };
  if (show === "withdrawn") return [...whom, STATUS, started, ended, because, added];
  const by: Column<PersonOfItem> = {
    head: "By",
    look: "wide cause",
    cell: ({ enrolment }) =>
      enrolment?.groupIds
        .map((id) => names.get(id) ?? "")
        .filter(Boolean)
        .join(", "),
  };
  const progress: Column<PersonOfItem> = {
    head: "Progress",
    cell: ({ enrolment }) => enrolment !== null && <ProgressPills enrolment={enrolment} none="–" />,
  };
  return [...whom, started, progress, by, added];
}

const ADDED: Column<PersonOfItem> = {
  head: "Added",
  sort: { up: "added", down: "-added" },
  cell: ({ createdAt }) => <Moment time={createdAt} />,
};
const NAME: Column<PersonOfItem> = {
  head: "Name",
  look: "wide",
  sort: { up: "full-name", down: "-full-name" },
  cell: nameOf,
};
const DEPARTMENT: Column<PersonOfItem> = {
  head: "Department",
  look: "wide roomy",
  sort: { up: "department", down: "-department" },
  cell: departmentOf,
};
const STATUS: Column<PersonOfItem> = {
  head: "Status",
  look: "wide",
  sort: { up: "status", down: "-status" },
  cell: ({ active }) => (active ? <Pill tone="good">Active</Pill> : <Pill>Inactive</Pill>),
};
