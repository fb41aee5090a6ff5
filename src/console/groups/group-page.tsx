import { selectAutoEnrolments } from "../../enrolment/enrolment-store.ts";
import { selectHasCatalogue } from "../../enrolment/training-store.ts";
import {
  listTargetGroupMembers,
  selectTargetGroupMembers,
  type TargetGroupMember,
} from "../../grouping/membership-store.ts";
import {
  type CountedTargetGroup,
  findTargetGroup,
  selectTargetGroup,
  targetGroupKeyOf,
} from "../../grouping/target-group-store.ts";
import { findLogged } from "../../log/log-store.ts";
import { readKey } from "../../platform/list-position.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { selectSettings } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { byPosition, streamCsv } from "../csv.ts";
import { HeldPill } from "../holds/hold-words.tsx";
import { type ListPage, PAGE_SIZE, readCursor, toPage } from "../list-page.ts";
import { Reasons } from "../people/membership-reasons.tsx";
import type { Errors, Values } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { Input } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { List } from "../views/list.tsx";
import { countOf } from "../views/moments-and-counts.tsx";
import { Breakable, Empty, Pill } from "../views/pills-notices-pager.tsx";
import { AutoEnrolments } from "./auto-enrolments-card.tsx";
import { SOURCE_WORDS } from "./groups-page.tsx";

/** The company's target group of the path, or 404. */
export async function requireGroup(c: ConsoleContext): Promise<CountedTargetGroup> {
  const group = await findTargetGroup(c.var.database, c.var.company.key, c.req.param("groupId") ?? "");
  if (group === null) throw notHere();
  return group;
}

/** A target group: who is in it and why, and what it enrols them in. */
export async function showGroup(c: ConsoleContext, values: Values = {}, errors: Errors = {}) {
  const { company, database, session } = c.var;
  const at = { companyId: company.id, groupId: c.req.param("groupId") ?? "" };
  const url = href("group", at);
  const after = readCursor(url, c.req.query("after"), readKey);
  const { group, members, enrolments, settings, isOffered } = await runRead(
    database,
    selectAllOf(company.key, at.groupId, after),
  );
  if (group === null) throw notHere();
  const ids = members.rows.flatMap(({ reasons }) => reasons.flatMap(({ requestId }) => requestId ?? []));
  const logged = await findLogged(database, company.key, ids);
  const page = toPage(url, members, PAGE_SIZE, (member) => member.userKey);
  return c.html(
    <Page
      title={group.name}
      company={company}
      session={session}
      section="groups"
      crumbs={[{ label: "Target groups", url: href("groups", { companyId: company.id }) }]}
      lead={`${SOURCE_WORDS[group.source]} · ${countOf(group.memberCount, "member")}`}
      aside={
        <a class="button" href={href("groupMembersCsv", at)}>
          Export CSV
        </a>
      }
      notice={<DoneNotice done={c.req.query("done")} />}
    >
      <div class="columns">
        <section class="card flush" aria-label="Members">
          <Members
            at={at}
            page={page}
            isFirst={after === null}
            logged={logged}
            settings={new Set(settings.map(({ id }) => id))}
          />
        </section>
        <div class="stack">
          <AutoEnrolments at={at} items={enrolments} isOffered={isOffered} values={values} errors={errors} />
          <AddMember at={at} values={values} errors={errors} />
        </div>
      </div>
    </Page>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

function selectAllOf(companyKey: number, groupId: string, after: number | null) {
  const key = targetGroupKeyOf(companyKey, groupId);
  return together({
    group: selectTargetGroup(companyKey, groupId),
    members: selectTargetGroupMembers(key, { take: PAGE_SIZE + 1, after }),
    enrolments: selectAutoEnrolments(companyKey, key),
    settings: selectSettings(companyKey, { take: 200, after: null }),
    isOffered: selectHasCatalogue(companyKey),
  });
}

interface At {
  companyId: string;
  groupId: string;
}

interface MemberProps {
  at: At;
  page: ListPage<TargetGroupMember>;
  isFirst: boolean;
  logged: ReadonlySet<string>;
  /** The ids of the settings that are there. */
  settings: ReadonlySet<string>;
}

function Members({ at, page, isFirst, logged, settings }: MemberProps) {
  return (
    <List
      caption="Members"
      columns={[
        { head: "Person", namesRow: true, cell: (member) => <MemberName companyId={at.companyId} member={member} /> },
        {
          head: "Why",
          cell: (member) => (
            <>
              <Reasons companyId={at.companyId} reasons={member.reasons} logged={logged} settings={settings} />
              {!member.beingRemoved && (!member.managed || member.reasons.some(({ kind }) => kind === "manual")) && (
                <RemoveMember at={at} member={member} />
              )}
            </>
          ),
        },
      ]}
      page={page}
      isFirst={isFirst}
      link={(more) => href("group", at, more)}
      empty={
        <Empty icon="people" title="Nobody is in it">
          <p>It stays, with what it enrols people in, and fills again when a rule or a person puts somebody in.</p>
        </Empty>
      }
    />
  );
}

function MemberName({ companyId, member }: { companyId: string; member: TargetGroupMember }) {
  return (
    <>
      <a href={href("person", { companyId, userId: member.userId })}>
        <Breakable name={member.userName} />
      </a>
      {!member.active && (
        <span class="sub">
          <Pill>Inactive</Pill>
        </span>
      )}
      {member.heldBy !== null && (
        <span class="sub">
          <HeldPill waits />
        </span>
      )}
      {member.heldBy !== null && (
        <span class="sub">
          <a
            href={href("hold", { companyId, holdId: member.heldBy })}
            aria-label={`See the hold of ${member.userName}`}
          >
            See the hold
          </a>
        </span>
      )}
    </>
  );
}

function RemoveMember({ at, member }: { at: At; member: TargetGroupMember }) {
  return (
    <a
      class="button plain danger"
      href={href("removeMember", { ...at, userId: member.userId })}
      aria-label={`Take out ${member.userName}`}
    >
      Take out
    </a>
  );
}

function AddMember({ at, values, errors }: { at: At; values: Values; errors: Errors }) {
  return (
    <form class="card stack" method="post" action={href("addMember", at)}>
      <h2>Add a person by hand</h2>
      <Input
        name="person"
        label="User name or e-mail"
        values={values}
        errors={errors}
        hint="They stay until somebody takes them out here; SCIM does not."
        autocomplete="off"
        maxlength={320}
      />
      <p>
        <button type="submit">Add</button>
      </p>
    </form>
  );
}

/** All members of a target group as a download. */
export function exportMembers(c: ConsoleContext, group: CountedTargetGroup) {
  return streamCsv<TargetGroupMember>(`members-${group.name}`, {
    head: ["User name", "Status", "Why", "Id"],
    next: byPosition(
      async (after: number | null, take) =>
        (await listTargetGroupMembers(c.var.database, group.key, { take, after })).rows,
      ({ userKey }) => userKey,
    ),
    values: ({ userName, active, reasons, userId }) => [
      userName,
      active ? "active" : "inactive",
      reasons.map(({ detail }) => detail).join("; "),
      userId,
    ],
  });
}
