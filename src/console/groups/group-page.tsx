import * as z from "zod";
import { selectAutoEnrolments } from "../../enrolment/enrolment-store.ts";
import { selectHasCatalogue } from "../../enrolment/training-store.ts";
import { listMembers, OPPOSITE_MEMBERS, positionOfMember, usualOrderOf } from "../../grouping/member-list-store.ts";
import { listTargetGroupMembers, type TargetGroupMember } from "../../grouping/membership-store.ts";
import {
  type CountedTargetGroup,
  findTargetGroup,
  selectTargetGroup,
  targetGroupKeyOf,
} from "../../grouping/target-group-store.ts";
import { findLogged } from "../../log/log-store.ts";
import { readPosition } from "../../platform/list-position.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { selectSettings } from "../../settings/setting-store.ts";
import { atOneMoment } from "../at-one-moment.ts";
import type { ConsoleContext } from "../console-env.ts";
import { byPosition, streamCsv } from "../csv.ts";
import { HeldPill } from "../holds/hold-words.tsx";
import { isFirstPage, PAGE_SIZE, readEdges, toPageBothWays } from "../list-page.ts";
import { Reasons } from "../people/membership-reasons.tsx";
import { nameOf } from "../people/name-of-person.tsx";
import type { Errors, Values } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { FilterForm, Hidden, Input } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { type Column, List, SearchField } from "../views/list.tsx";
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

/** What the URL of a target group may ask for of its members. */
export const memberQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  sort: z.enum(["name", "-name", "came", "-came"]).nullable().catch(null),
});

/** A target group: who is in it and why, and what it enrols them in. */
export async function showGroup(c: ConsoleContext, values: Values = {}, errors: Errors = {}) {
  const { company, session } = c.var;
  const { group, list, enrolments, settings, isOffered } = await atOneMoment(c, () => readGroup(c));
  const at = { companyId: company.id, groupId: group.id };
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
        <Members at={at} list={list} settings={new Set(settings.map(({ id }) => id))} total={group.memberCount} />
        <div class="stack">
          <AutoEnrolments at={at} items={enrolments} isOffered={isOffered} values={values} errors={errors} />
          <AddMember at={at} values={values} errors={errors} />
        </div>
      </div>
    </Page>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

async function readGroup(c: ConsoleContext) {
  const { company, database } = c.var;
  const groupId = c.req.param("groupId") ?? "";
  const key = targetGroupKeyOf(company.key, groupId);
  const { group, ...beside } = await runRead(
    database,
    together({
      group: selectTargetGroup(company.key, groupId),
      enrolments: selectAutoEnrolments(company.key, key),
      settings: selectSettings(company.key, { take: 200, after: null }),
      isOffered: selectHasCatalogue(company.key),
    }),
  );
  if (group === null) throw notHere();
  return { group, ...beside, list: await readMembers(c, group) };
}

/** Reads the page of the members that the query asks for. */
async function readMembers(c: ConsoleContext, group: CountedTargetGroup) {
  const { company, database } = c.var;
  const { q, sort } = memberQuery.parse(c.req.query());
  const order = sort ?? usualOrderOf(group);
  const query = { q, sort };
  const url = href("group", { companyId: company.id, groupId: group.id }, { q, sort: order });
  const edges = readEdges(c, url, readPosition);
  const asked = { search: q, order: edges.before === null ? order : OPPOSITE_MEMBERS[order] };
  const place = { take: PAGE_SIZE + 1, after: edges.before ?? edges.after };
  const members = await listMembers(database, company.key, group, asked, place, searchOf(c));
  const page = toPageBothWays(url, members, edges, (member) => positionOfMember(member, order));
  const ids = page.rows.flatMap(({ reasons }) => reasons.flatMap(({ requestId }) => requestId ?? []));
  const logged = await findLogged(database, company.key, ids);
  return { page, isFirst: isFirstPage(page, edges), query, order, logged };
}

interface At {
  companyId: string;
  groupId: string;
}

interface MemberProps {
  at: At;
  list: Awaited<ReturnType<typeof readMembers>>;
  /** The ids of the settings that are there. */
  settings: ReadonlySet<string>;
  /** How many members there are. */
  total: number;
}

function Members({ at, list: { page, isFirst, query, order, logged }, settings, total }: MemberProps) {
  const isFiltered = query.q !== "";
  return (
    <div>
      {(isFiltered || page.rows.length > 0) && (
        <FilterForm
          url={href("group", at)}
          action="Search"
          isFiltered={isFiltered}
          whole={href("group", at, { sort: query.sort })}
        >
          <SearchField label="Search members" value={query.q} placeholder="Name, user name or e-mail" />
          <Hidden values={{ sort: query.sort ?? undefined }} />
        </FilterForm>
      )}
      <section class="card flush" aria-label="Members">
        <List
          caption="Members"
          columns={columnsOf(at, logged, settings)}
          page={page}
          isFirst={isFirst}
          link={(more) => href("group", at, { q: query.q, sort: order, ...more })}
          order={order}
          isCounted
          total={isFiltered ? undefined : total}
          empty={<Nobody isFiltered={isFiltered} />}
        />
      </section>
    </div>
  );
}

function Nobody({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered)
    return (
      <Empty icon="people" title="No member matches">
        <p>Try fewer letters.</p>
      </Empty>
    );
  return (
    <Empty icon="people" title="Nobody is in it">
      <p>It stays, with what it enrols people in, and fills again when a rule or a person puts somebody in.</p>
    </Empty>
  );
}

function columnsOf(at: At, logged: ReadonlySet<string>, settings: ReadonlySet<string>): Column<TargetGroupMember>[] {
  return [
    {
      head: "Person",
      sort: { up: "name", down: "-name" },
      namesRow: true,
      cell: (member) => <MemberName companyId={at.companyId} member={member} />,
    },
    { head: "Name", look: "wide", cell: nameOf },
    {
      head: "Why",
      cell: (member) => (
        <>
          <Reasons companyId={at.companyId} reasons={member.reasons} logged={logged} settings={settings} isUnderWhy />
          {!member.beingRemoved && (!member.managed || member.reasons.some(({ kind }) => kind === "manual")) && (
            <RemoveMember at={at} member={member} />
          )}
        </>
      ),
    },
  ];
}

function MemberName({ companyId, member }: { companyId: string; member: TargetGroupMember }) {
  return (
    <>
      <a href={href("person", { companyId, userId: member.userId })}>
        <Breakable name={member.userName} />
      </a>
      {nameOf(member) !== "" && <span class="sub slim">{nameOf(member)}</span>}
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
