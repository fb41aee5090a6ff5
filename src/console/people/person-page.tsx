import { type Change, selectHistory } from "../../changes/change-store.ts";
import { type PersonRecord, selectPersonRecord } from "../../directory/person-record-store.ts";
import { selectTargetUser, type TargetUser, userKeyOf } from "../../directory/target-user-store.ts";
import { type Enrolment, selectEnrolmentsOfUser } from "../../enrolment/enrolment-store.ts";
import { type GroupOfUser, selectGroupsOfUser } from "../../grouping/membership-store.ts";
import { selectHeldOfUser } from "../../holds/held-of-user-store.ts";
import { findLogged } from "../../log/log-store.ts";
import { readKey } from "../../platform/list-position.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { selectFields } from "../../settings/field-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { readCursor, toPage } from "../list-page.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { Hidden, LongText } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { Notice, Pill } from "../views/pills-notices-pager.tsx";
import { Enrolments, History, type Shared } from "./enrolments-and-history.tsx";
import { HeldCard } from "./held-card.tsx";
import { Reasons } from "./membership-reasons.tsx";
import { Fields } from "./person-fields.tsx";
import { fullNameOf } from "./require-person.ts";

const HISTORY = 30;

/** Groups at the provider that the page names at the most. */
const SHOWN_GROUPS = 200;

/** A person: what the platform sees, why they are where they are, what the provider sent, and what happened. */
export async function showPerson(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const companyId = company.id;
  const userId = c.req.param("userId") ?? "";
  const url = href("person", { companyId, userId });
  const before = readCursor(url, c.req.query("before"), readKey);
  const { user, record, ...more } = await runRead(database, selectPerson(company.key, userId, before));
  if (user === null || record === null) throw notHere();
  const { fields, groups, held, enrolments, changes } = more;
  // This says only which links lead somewhere.
  const logged = await findLogged(database, company.key, requestIdsOf(groups, enrolments, changes.rows));
  const history = toPage(url, changes, HISTORY, ({ seq }) => seq);
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
        <div class="stack">
          <HeldCard companyId={companyId} held={held} />
          <Groups companyId={companyId} groups={groups} user={user} logged={logged} />
          <Enrolments companyId={companyId} enrolments={enrolments} groups={groups} logged={logged} />
          <History
            companyId={companyId}
            changes={history.rows}
            logged={logged}
            older={history.next === null ? null : `${url}?before=${history.next}#history`}
          />
        </div>
        <div class="stack">
          <Fields user={user} fields={fields} companyId={companyId} />
          <Sent user={user} record={record} />
          {isEditable(user) && <Ending companyId={companyId} user={user} />}
        </div>
      </div>
    </Page>,
  );
}

function selectPerson(companyKey: number, userId: string, before: number | null) {
  const userKey = userKeyOf(companyKey, userId);
  return together({
    user: selectTargetUser(companyKey, userId),
    record: selectPersonRecord(userKey),
    fields: selectFields(companyKey),
    groups: selectGroupsOfUser(userKey),
    held: selectHeldOfUser(userKey),
    enrolments: selectEnrolmentsOfUser(companyKey, userKey),
    changes: selectHistory(companyKey, userId, { take: HISTORY + 1, before }),
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

function isEditable({ managed, beingRemoved }: TargetUser): boolean {
  return !managed && !beingRemoved;
}

function WithoutConnection({ user }: { user: TargetUser }) {
  return (
    <Notice tone="warn">
      <p>{describeLoss(user)}</p>
    </Notice>
  );
}

function describeLoss({ setting: { name }, beingRemoved, deletion }: TargetUser): string {
  if (beingRemoved)
    return `Being removed: the SCIM setting “${name}” was deleted with its people, who go one after the other.`;
  const why =
    deletion === "kept"
      ? `the identity provider deleted this person through the SCIM setting “${name}”, and an admin kept them: nothing keeps them`
      : `the SCIM setting “${name}” was deleted, and nothing keeps this person`;
  return `Without a connection: ${why} up to date. They stay in their target groups and enrolments until somebody edits or removes them.`;
}

function Ending({ companyId, user }: { companyId: string; user: TargetUser }) {
  const at = { companyId, userId: user.id };
  return (
    <section class="card stack tight" aria-labelledby="ending-title">
      <h2 id="ending-title">{user.active ? "Make inactive, or remove" : "Make active, or remove"}</h2>
      <p class="soft">
        {user.active
          ? "Both end the trainings and take the person out of the target groups that a rule gave; removing erases them."
          : "Made active the person comes back to the target groups given by hand; removing erases them."}
      </p>
      <div class="row">
        {user.active ? (
          <a class="button danger" href={href("personStatus", at)}>
            Make inactive…
          </a>
        ) : (
          <form method="post" action={href("personStatus", at)}>
            <Hidden values={{ status: "active" }} />
            <button type="submit">Make active</button>
          </form>
        )}
        <a class="button danger" href={href("removePerson", at)}>
          Remove this person…
        </a>
      </div>
    </section>
  );
}

function requestIdsOf(
  groups: readonly GroupOfUser[],
  enrolments: readonly Enrolment[],
  changes: readonly Change[],
): string[] {
  const reasons = groups.flatMap(({ reasons }) => reasons.map(({ requestId }) => requestId));
  const causes = changes.map(({ cause }) => cause.requestId);
  return [...reasons, ...enrolments.map(({ requestId }) => requestId), ...causes].filter(
    (id) => typeof id === "string",
  );
}

function Groups({ companyId, groups, user, logged }: Shared & { groups: readonly GroupOfUser[]; user: TargetUser }) {
  const settings = new Set(user.setting.isDeleted ? [] : [user.setting.id]);
  return (
    <section class="card" aria-labelledby="groups-title">
      <h2 id="groups-title">Target groups</h2>
      {groups.length === 0 && <p class="soft">{explainNone(user)}</p>}
      {groups.map(({ id, name, reasons }) => (
        <div class="failure stack tight">
          <h3>
            <a href={href("group", { companyId, groupId: id })}>{name}</a>
          </h3>
          <Reasons companyId={companyId} reasons={reasons} logged={logged} settings={settings} />
        </div>
      ))}
    </section>
  );
}

function explainNone({ managed, active }: TargetUser): string {
  if (!managed) return "In none, and no rule puts them into one: it can be done by hand, on the page of a group.";
  return active
    ? "In none: no rule of the setting applies."
    : "In none: inactive people leave all groups that SCIM gave them.";
}
