import type { Child } from "hono/jsx";
import type { Change } from "../../changes/change.ts";
import type { SamePerson } from "../../directory/other-users-of-person-store.ts";
import type { GroupOfUser } from "../../grouping/membership-store.ts";
import type { Field } from "../../settings/fields.ts";
import { href } from "../routes.ts";
import { trainingUrl } from "../trainings/training-words.ts";
import { curly } from "../views/curly-quotes.ts";
import { Moment } from "../views/moments-and-counts.tsx";
import { Breakable } from "../views/pills-notices-pager.tsx";
import { describeChange, describeUpdate, ruleWords } from "./describe-change.ts";
import { changedOf, type Line, matchAt, namedGroups } from "./timeline-events.ts";

/** What the lines of a timeline lead to and say besides their changes. */
export interface TimelineFacts {
  companyId: string;
  /** The request ids that the provisioning log can show. */
  logged: ReadonlySet<string>;
  /** The target groups that are there still, by their ids. */
  present: ReadonlySet<string>;
  /** The person's own setting; a deleted one has no page. */
  setting: { id: string; name: string; isDeleted: boolean };
  groups: readonly GroupOfUser[];
  fields: readonly Field[];
  /** Which person it is, and the other users that are. */
  person: { personId: string; hasEmail: boolean; others: readonly SamePerson[] };
}

/** One thing that happened to a person, with the ways to what it is about. */
export function LineWords({ line: { step, change }, facts }: { line: Line; facts: TimelineFacts }) {
  const { type, data } = change;
  if (step === "match") return <Matched change={change} facts={facts} />;
  switch (type) {
    case "user.created":
      return <Arrived data={data} />;
    case "user.updated":
      return <>{describeUpdate(changedOf(change), facts.fields)}</>;
    case "member.added":
    case "member.removed":
      return <Membership change={change} facts={facts} />;
    case "enrolment.started":
    case "enrolment.reassigned":
      return <Enrolled change={change} facts={facts} />;
    case "enrolment.progressed":
    case "enrolment.withdrawn":
      return (
        <>
          {describeChange({ type, data: { ...data, name: "" } }).replace(/:? ?\u201c\u201d$/, "")}
          {type === "enrolment.withdrawn" ? " " : ": "}
          <Item data={data} facts={facts} />
        </>
      );
    default:
      return <>{describeChange(change)}</>;
  }
}

/** One who was in shadow was imported before the target side was told. */
function Arrived({ data: { status, createdAt } }: { data: Change["data"] }) {
  const isInactive = status === "inactive" ? ", inactive" : "";
  const imported = typeof createdAt === "string" ? Date.parse(createdAt) : Number.NaN;
  if (Number.isNaN(imported)) return <>{`Imported${isInactive}: made as a new user of this SCIM setting`}</>;
  return (
    <>
      {`Out of shadow${isInactive}: imported `}
      <Moment time={imported} exact />
    </>
  );
}

function Matched({ change, facts: { companyId, person } }: { change: Change; facts: TimelineFacts }) {
  const match = matchAt(change, person);
  switch (match.kind) {
    case "past":
      return <>By the e-mail address of then, which they have no more</>;
    case "noEmail":
      return <>With nobody: without an e-mail address they are a person of their own</>;
    case "nobody":
      return <>With nobody: no user who is here had the e-mail address before, so they are a person of their own</>;
    case "with":
      return (
        <>
          {"By the e-mail address with "}
          <Others companyId={companyId} others={match.others} />
          {": one person, enrolled once"}
        </>
      );
  }
}

/** Other users of one person, each with the way to its page. */
export function Others({ companyId, others }: { companyId: string; others: readonly SamePerson[] }) {
  return (
    <>
      {others.map(({ id, userName, setting }, index) => (
        <>
          {index > 0 && ", "}
          <a href={href("person", { companyId, userId: id })}>
            <Breakable name={userName} />
          </a>
          {` (${setting.name})`}
        </>
      ))}
    </>
  );
}

function Membership({ change: { type, data, cause }, facts }: { change: Change; facts: TimelineFacts }) {
  const { groupId } = data;
  const reasons = facts.groups.find(({ id }) => id === groupId)?.reasons ?? [];
  const reason = reasons.find(({ requestId }) => requestId === cause.requestId);
  const why = type === "member.added" && reason !== undefined ? curly(reason.detail) : ruleWords(cause);
  return (
    <>
      {type === "member.added" ? "Joined " : "Left "}
      <Group id={groupId} name={data.groupName} facts={facts} />
      {why !== "" && <span class="soft">{` – ${why}`}</span>}
    </>
  );
}

function Group({
  id,
  name,
  facts: { companyId, present },
}: {
  id: unknown;
  name: unknown;
  facts: TimelineFacts;
}): Child {
  const shown = `“${typeof name === "string" ? name : ""}”`;
  if (typeof id !== "string" || !present.has(id)) return <bdi>{shown}</bdi>;
  return (
    <a href={href("group", { companyId, groupId: id })}>
      <bdi>{shown}</bdi>
    </a>
  );
}

function Enrolled({ change: { type, data }, facts }: { change: Change; facts: TimelineFacts }) {
  const groups = namedGroups(data.groups);
  return (
    <>
      {type === "enrolment.started" ? "Enrolled in " : "Took over "}
      <Item data={data} facts={facts} />
      {type === "enrolment.reassigned" && " from another user of the same person"}
      {groups.length > 0 && (
        <span class="soft">
          {" – by "}
          {groups.map(({ id, name }, index) => (
            <>
              {index > 0 && ", "}
              <Group id={id} name={name} facts={facts} />
            </>
          ))}
        </span>
      )}
    </>
  );
}

function Item({
  data: { kind, itemId, name },
  facts: { companyId },
}: {
  data: Change["data"];
  facts: TimelineFacts;
}): Child {
  const shown = <bdi>{`“${typeof name === "string" ? name : ""}”`}</bdi>;
  if ((kind !== "training" && kind !== "phishing") || typeof itemId !== "string") return shown;
  return <a href={trainingUrl(companyId, { kind, id: itemId })}>{shown}</a>;
}
