import type { Child } from "hono/jsx";
import { selectChangesOfUser, selectHistory } from "../../changes/change-store.ts";
import { selectSamePerson } from "../../directory/other-users-of-person-store.ts";
import { personIdOf, personKeyOf } from "../../directory/person-key.ts";
import { type PersonRecord, selectPersonRecord } from "../../directory/person-record-store.ts";
import { selectTargetUser, type TargetUser, userKeyOf } from "../../directory/target-user-store.ts";
import { selectEnrolmentsOfUser } from "../../enrolment/enrolment-store.ts";
import { selectGroupsOfUser } from "../../grouping/membership-store.ts";
import { selectPresentGroups } from "../../grouping/target-group-store.ts";
import { selectHeldOfUser } from "../../holds/held-of-user-store.ts";
import { selectLogged } from "../../log/log-store.ts";
import { readKey } from "../../platform/list-position.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { selectFields } from "../../settings/field-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { type Edges, isFirstPage, PAGE_SIZE, readEdges, toPageBothWays } from "../list-page.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { LongText } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";
import { Enrolments, type Shared } from "./enrolments-card.tsx";
import { FourSteps, SHOWN_OTHERS } from "./four-steps.tsx";
import { HeldCard } from "./held-card.tsx";
import { PersonFields } from "./person-fields.tsx";
import { fullNameOf } from "./require-person.ts";
import { TargetGroups } from "./target-groups-card.tsx";
import { Timeline } from "./timeline.tsx";
import { groupIdsIn } from "./timeline-events.ts";
import type { TimelineFacts } from "./timeline-line.tsx";
import { Ending, isEditable, WithoutConnection } from "./without-connection.tsx";

/** Groups at the provider that the page names at the most. */
const SHOWN_GROUPS = 200;

/** A person: what the platform sees, why they are where they are, what the provider sent, and what happened. */
export async function showPerson(c: ConsoleContext) {
  const { company, session } = c.var;
  const companyId = company.id;
  const { user, record, told, logged, present, page, isFirst } = await readPerson(c);
  return c.html(
    <Page
      title={fullNameOf(user)}
      company={company}
      session={session}
      section="people"
      crumbs={[{ label: "People", url: href("people", { companyId }) }]}
      lead={<Lead user={user} />}
      aside={<Links companyId={companyId} user={user} />}
      notice={
        <>
          <DoneNotice done={c.req.query("done")} />
          {!user.managed && <WithoutConnection user={user} />}
        </>
      }
    >
      <div class="columns">
        <Story companyId={companyId} user={user} told={told} logged={logged}>
          <Timeline
            companyId={companyId}
            page={page}
            isFirst={isFirst}
            link={(more) => href("person", { companyId, userId: user.id }, more)}
            logged={logged}
            present={present}
            setting={user.setting}
            groups={told.groups}
            fields={told.fields}
            person={personOf(companyId, user, told.others)}
          />
        </Story>
        <div class="stack">
          <PersonFields user={user} fields={told.fields} companyId={companyId} />
          <Sent user={user} record={record} />
          {isEditable(user) && <Ending companyId={companyId} user={user} />}
        </div>
      </div>
    </Page>,
  );
}

function personOf(companyId: string, user: TargetUser, others: PersonReads["others"]): TimelineFacts["person"] {
  return { personId: personIdOf(companyId, personKeyOf(user)), hasEmail: user.emailKey !== null, others };
}

/** Reads the person of the path with the page of the timeline that the query asks for; 404 when there is nobody. */
async function readPerson(c: ConsoleContext) {
  const { company, database } = c.var;
  const userId = c.req.param("userId") ?? "";
  const url = href("person", { companyId: company.id, userId });
  const edges = readEdges(c, url, readKey);
  const { user, record, ...told } = await runRead(database, selectPerson(company.key, userId, edges));
  if (user === null || record === null) throw notHere();
  // These say only which links lead somewhere.
  const links = await runRead(
    database,
    together({
      logged: selectLogged(company.key, requestIdsOf(told)),
      present: selectPresentGroups(company.key, groupIdsIn(told.changes.rows)),
    }),
  );
  const page = toPageBothWays(url, told.changes, edges, ({ seq }) => seq);
  return { user, record, told, ...links, page, isFirst: isFirstPage(page, edges) };
}

interface StoryProps extends Shared {
  user: TargetUser;
  told: PersonReads;
  children?: Child;
}

/** How somebody came to where they are: in four steps, in full, and over time. */
function Story({ user, told: { held, first, others, groups, enrolments }, children, ...shared }: StoryProps) {
  return (
    <div class="stack">
      <HeldCard companyId={shared.companyId} held={held} />
      <FourSteps
        user={user}
        first={first[0] ?? null}
        others={others}
        groups={groups}
        enrolments={enrolments}
        {...shared}
      />
      <TargetGroups groups={groups} user={user} {...shared} />
      <Enrolments enrolments={enrolments} groups={groups} {...shared} />
      {children}
    </div>
  );
}

/** What is read of a person besides the user and what the provider sent. */
type PersonReads = Omit<ReturnType<ReturnType<typeof selectPerson>["decode"]>, "user" | "record">;

function selectPerson(companyKey: number, userId: string, edges: Edges<number>) {
  const userKey = userKeyOf(companyKey, userId);
  const first = selectChangesOfUser(companyKey, userId, { take: 1, after: 0, head: Number.MAX_SAFE_INTEGER });
  return together({
    user: selectTargetUser(companyKey, userId),
    record: selectPersonRecord(userKey),
    fields: selectFields(companyKey),
    groups: selectGroupsOfUser(userKey),
    held: selectHeldOfUser(userKey),
    enrolments: selectEnrolmentsOfUser(companyKey, userKey),
    changes: selectHistory(companyKey, userId, { take: PAGE_SIZE + 1, ...edges }),
    first: { ...first, decode: (results: unknown[][]) => first.decode(results).rows },
    others: selectSamePerson(userKey, SHOWN_OTHERS + 1),
  });
}

function Lead({ user }: { user: TargetUser }) {
  return (
    <>
      {`${user.userName} `}
      {user.active ? <Pill tone="good">Active</Pill> : <Pill>Inactive</Pill>}
    </>
  );
}

function Links({ companyId, user }: { companyId: string; user: TargetUser }) {
  const requests = { setting: user.managed ? user.setting.id : null, resource: user.id };
  return (
    <>
      <a class="button" href={href("log", { companyId }, requests)}>
        Requests about this person
      </a>
      <a class="button" href={href("personExport", { companyId, userId: user.id })}>
        Export data
      </a>
      {isEditable(user) && (
        <a class="button" href={href("editPerson", { companyId, userId: user.id })}>
          Edit
        </a>
      )}
    </>
  );
}

function Sent({ user, record }: { user: TargetUser; record: PersonRecord }) {
  const groups = record.groups.slice(0, SHOWN_GROUPS).map(({ displayName }) => displayName);
  return (
    <>
      <section class="card stack tight" aria-labelledby="scim-groups-title">
        <h2 id="scim-groups-title">Groups at the provider</h2>
        <p>{groups.length === 0 ? <span class="soft">None was sent.</span> : groups.join(", ")}</p>
      </section>
      <section class="card">
        <details>
          <summary>
            {user.managed ? "SCIM attributes as the provider sent them" : "SCIM attributes, with what was edited"}
          </summary>
          <LongText kind="body" label="SCIM attributes">
            {JSON.stringify({ id: user.id, ...record.document }, null, 2)}
          </LongText>
        </details>
      </section>
    </>
  );
}

/** The requests that the page may lead to. */
function requestIdsOf({ groups, enrolments, changes, first }: PersonReads): string[] {
  const reasons = groups.flatMap(({ reasons }) => reasons.map(({ requestId }) => requestId));
  const causes = [...first, ...changes.rows].map(({ cause }) => cause.requestId);
  return [...reasons, ...enrolments.map(({ requestId }) => requestId), ...causes].filter(
    (id) => typeof id === "string",
  );
}
