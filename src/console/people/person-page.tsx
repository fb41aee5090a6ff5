import type { Change } from "../../changes/change-store.ts";
import { selectPersonRecord } from "../../directory/person-record-store.ts";
import { selectTargetUser, settingOfUser, type TargetUser, userKeyOf } from "../../directory/target-user-store.ts";
import { type Enrolment, selectEnrolmentsOfUser } from "../../enrolment/enrolment-store.ts";
import { type GroupOfUser, selectGroupsOfUser } from "../../grouping/target-group-store.ts";
import { readKey } from "../../platform/position.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { selectFields } from "../../settings/field-store.ts";
import type { Field } from "../../settings/fields.ts";
import { selectSetting } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { readCursor, toPage } from "../cursor.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { LongText } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { Moment, Pill } from "../views/parts.tsx";
import { Enrolments, History, type Shared } from "./person-life.tsx";
import { findLogged, selectHistory } from "./person-store.ts";
import { Reasons } from "./reasons.tsx";

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
  const userKey = userKeyOf(company.key, userId);
  const { user, record, ...more } = await runRead(
    database,
    together({
      user: selectTargetUser(company.key, userId),
      record: selectPersonRecord(userKey),
      fields: selectFields(company.key),
      groups: selectGroupsOfUser(userKey),
      enrolments: selectEnrolmentsOfUser(company.key, userKey),
      changes: selectHistory(company.key, userId, { take: HISTORY + 1, before }),
      setting: selectSetting(company.key, settingOfUser(company.key, userId)),
    }),
  );
  if (user === null || record === null) throw notHere();
  const { fields, groups, enrolments, changes, setting } = more;
  // This says only which links lead somewhere.
  const logged = await findLogged(database, company.key, requestIdsOf(groups, enrolments, changes));
  const history = toPage(url, changes, HISTORY, ({ seq }) => seq);
  return c.html(
    <Page
      title={fullNameOf(user)}
      company={company}
      session={session}
      section="people"
      crumbs={[{ label: "People", url: href("people", { companyId }) }]}
      lead={
        <>
          {`${user.userName} `}
          {user.active ? <Pill tone="good">Active</Pill> : <Pill>Inactive</Pill>}
        </>
      }
      aside={
        <a class="button" href={href("log", { companyId }, { setting: user.settingId, resource: user.id })}>
          Requests about this person
        </a>
      }
    >
      <div class="columns">
        <div class="stack">
          <Groups companyId={companyId} groups={groups} isActive={user.active} logged={logged} />
          <Enrolments companyId={companyId} enrolments={enrolments} groups={groups} logged={logged} />
          <History
            companyId={companyId}
            changes={history.rows}
            logged={logged}
            older={history.next === null ? null : `${url}?before=${history.next}#history`}
          />
        </div>
        <div class="stack">
          <Fields
            user={user}
            fields={fields}
            settingName={setting?.name ?? "a deleted setting"}
            companyId={companyId}
          />
          <section class="card stack tight" aria-labelledby="scim-groups-title">
            <h2 id="scim-groups-title">Groups at the provider</h2>
            <p>
              {record.groups.length === 0 ? (
                <span class="soft">None was sent.</span>
              ) : (
                record.groups
                  .slice(0, SHOWN_GROUPS)
                  .map((group) => group.displayName)
                  .join(", ")
              )}
            </p>
          </section>
          <section class="card">
            <details>
              <summary>SCIM attributes as the provider sent them</summary>
              <LongText kind="body" label="SCIM attributes">
                {JSON.stringify({ id: user.id, ...record.document }, null, 2)}
              </LongText>
            </details>
          </section>
        </div>
      </div>
    </Page>,
  );
}

function fullNameOf(user: TargetUser): string {
  const name = [user.fields.firstName, user.fields.lastName].filter(Boolean).join(" ");
  return name === "" ? user.userName : name;
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

function Groups({
  companyId,
  groups,
  isActive,
  logged,
}: Shared & { groups: readonly GroupOfUser[]; isActive: boolean }) {
  return (
    <section class="card" aria-labelledby="groups-title">
      <h2 id="groups-title">Target groups</h2>
      {groups.length === 0 && (
        <p class="soft">
          {isActive
            ? "In none: no rule of the setting applies."
            : "In none: inactive people leave all groups that SCIM gave them."}
        </p>
      )}
      {groups.map(({ id, name, reasons }) => (
        <div class="failure stack tight">
          <h3>
            <a href={href("group", { companyId, groupId: id })}>{name}</a>
          </h3>
          <Reasons companyId={companyId} reasons={reasons} logged={logged} />
        </div>
      ))}
    </section>
  );
}

interface FieldProps {
  companyId: string;
  user: TargetUser;
  fields: readonly Field[];
  settingName: string;
}

function Fields({ companyId, user, fields, settingName }: FieldProps) {
  return (
    <section class="card stack" aria-labelledby="fields-title">
      <h2 id="fields-title">Fields</h2>
      <dl class="facts">
        {fields.map(({ key, label }) => (
          <>
            <dt>{label}</dt>
            <dd>
              {user.fields[key] === null || user.fields[key] === undefined ? (
                <span class="soft">–</span>
              ) : (
                String(user.fields[key])
              )}
            </dd>
          </>
        ))}
        <dt>External id</dt>
        <dd class="mono">{user.externalId ?? "–"}</dd>
        <dt>SCIM id</dt>
        <dd class="mono">{user.id}</dd>
        <dt>SCIM setting</dt>
        <dd>
          <a href={href("setting", { companyId, settingId: user.settingId })}>{settingName}</a>
        </dd>
        <dt>Added</dt>
        <dd>
          <Moment time={user.createdAt} exact />
        </dd>
        <dt>Last change</dt>
        <dd>
          <Moment time={user.updatedAt} exact />
        </dd>
      </dl>
    </section>
  );
}
