import type { Child } from "hono/jsx";
import type { Change } from "../../changes/change-store.ts";
import type { SamePerson } from "../../directory/same-person-store.ts";
import type { GroupOfUser } from "../../grouping/membership-store.ts";
import type { Field } from "../../settings/fields.ts";
import type { ListPage } from "../list-page.ts";
import { href, type Query } from "../routes.ts";
import { trainingUrl } from "../trainings/training-words.ts";
import { curly } from "../views/curly-quotes.ts";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import { Breakable, Pager } from "../views/pills-notices-pager.tsx";
import { describeActor, describeChange, describeUpdate, ruleWords } from "./describe-change.ts";
import { RequestLink } from "./membership-reasons.tsx";
import {
  changedOf,
  type Line,
  matchAt,
  namedGroups,
  type Step,
  type TimelineEvent,
  toEvents,
} from "./timeline-events.ts";

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

interface TimelineProps extends TimelineFacts {
  page: ListPage<Change>;
  isFirst: boolean;
  /** Where the page is, with something else in its query. */
  link: (more: Query) => string;
}

const STEP_WORDS: Record<Step, string> = {
  import: "Import",
  edit: "Edit",
  match: "Match",
  group: "Group",
  enrol: "Enrol",
};

/** What happened to a person, newest first: each request with what it imported, matched, grouped and enrolled. */
export function Timeline({ page, isFirst, link, ...facts }: TimelineProps) {
  const events = toEvents(page.rows);
  const isOnly = isFirst && page.next === null;
  return (
    <section class="card flush" aria-labelledby="timeline">
      <div class="row between">
        <h2 id="timeline">Timeline</h2>
        <span class="soft small">Newest first</span>
      </div>
      {events.length === 0 ? (
        <p class="pager">Nothing is kept: the changes of this person are older than what the change feed keeps.</p>
      ) : (
        <ol class="timeline">
          {events.map((event) => (
            <Event event={event} facts={facts} />
          ))}
        </ol>
      )}
      {!isOnly && (
        <Pager
          shown={countOf(page.rows.length, "change")}
          first={isFirst ? null : `${link({})}#timeline`}
          previous={page.previous ? `${link({ before: page.previous })}#timeline` : null}
          next={page.next === null ? null : `${link({ after: page.next })}#timeline`}
        />
      )}
    </section>
  );
}

function Event({ event: { time, cause, lines }, facts }: { event: TimelineEvent; facts: TimelineFacts }) {
  const { companyId, logged } = facts;
  return (
    <li>
      <p class="small soft">
        <Moment time={time} exact /> · <Actor cause={cause} facts={facts} />
        <RequestLink companyId={companyId} requestId={cause.requestId} logged={logged} before=" · " />
      </p>
      <ul>
        {lines.map((line) => (
          <li>
            <span class="tag">{STEP_WORDS[line.step]}</span>
            <span>
              <Told line={line} facts={facts} />
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}

function Actor({ cause, facts: { companyId, setting } }: { cause: Change["cause"]; facts: TimelineFacts }) {
  const actor = describeActor(cause);
  if (cause.actor !== "scim" || cause.settingId !== setting.id) return <>{actor}</>;
  return (
    <>
      {`${actor}, through `}
      {setting.isDeleted ? (
        setting.name
      ) : (
        <a href={href("setting", { companyId, settingId: setting.id })}>{setting.name}</a>
      )}
    </>
  );
}

function Told({ line: { step, change }, facts }: { line: Line; facts: TimelineFacts }) {
  const { type, data } = change;
  if (step === "match") return <Matched change={change} facts={facts} />;
  switch (type) {
    case "user.created":
      return (
        <>{`Imported${data.status === "inactive" ? ", inactive" : ""}: made as a new user of this SCIM setting`}</>
      );
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
          {describeChange({ type, data: { ...data, name: "" } }).replace(/:? ?“”$/, "")}
          {type === "enrolment.withdrawn" ? " " : ": "}
          <Item data={data} facts={facts} />
        </>
      );
    default:
      return <>{describeChange(change)}</>;
  }
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
