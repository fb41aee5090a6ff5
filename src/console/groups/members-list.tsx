import * as z from "zod";
import { listMembers, MEMBER_ORDERS, positionOfMember, usualOrderOf } from "../../grouping/member-list-store.ts";
import type { TargetGroupMember } from "../../grouping/membership-store.ts";
import type { CountedTargetGroup } from "../../grouping/target-group-store.ts";
import { findLogged } from "../../log/log-store.ts";
import { readPosition } from "../../platform/list-position.ts";
import type { ConsoleContext } from "../console-env.ts";
import { HeldPill } from "../holds/hold-words.tsx";
import { isFirstPage, readEdges, readingPlaceOf, toPageBothWays } from "../list-page.ts";
import { Reasons, RequestLink } from "../people/membership-reasons.tsx";
import { nameOf } from "../people/name-of-person.tsx";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { curly } from "../views/curly-quotes.ts";
import { FilterForm, Hidden } from "../views/form.tsx";
import { type Column, List, SearchField } from "../views/list.tsx";
import { Breakable, Empty, Pill } from "../views/pills-notices-pager.tsx";

/** What the URL of a target group may ask for of its members. */
const memberQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  sort: z.enum(MEMBER_ORDERS).nullable().catch(null),
});

/** Reads the page of the members that the query asks for. */
export async function readMembersPage(c: ConsoleContext, group: CountedTargetGroup) {
  const { company, database } = c.var;
  const { q, sort } = memberQuery.parse(c.req.query());
  const order = sort ?? usualOrderOf(group);
  const query = { q, sort };
  const url = href("group", { companyId: company.id, groupId: group.id }, { q, sort: order });
  const edges = readEdges(c, url, readPosition);
  const members = await listMembers(
    database,
    company.key,
    group,
    { search: q, order },
    readingPlaceOf(edges),
    searchOf(c),
  );
  const page = toPageBothWays(url, members, edges, positionOfMember);
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
  list: Awaited<ReturnType<typeof readMembersPage>>;
  /** The ids of the settings that are there. */
  settings: ReadonlySet<string>;
  /** How many members there are. */
  total: number;
}

/** The members of a target group, searched, sorted and paged, each with why. */
export function Members({ at, list: { page, isFirst, query, order, logged }, settings, total }: MemberProps) {
  const isFiltered = query.q !== "";
  const shared = sharedReason(page.rows);
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
        {order.endsWith("came") && page.rows.length > 0 && (
          <div class="row between">
            <p class="small soft">
              {order === "came"
                ? "In the order in which they came to the company."
                : "Those who came to the company last are first."}
            </p>
          </div>
        )}
        {shared !== null && (
          <div class="row between">
            <p class="small soft">{`All ${page.rows.length} shown are in it for one reason: ${curly(shared)}.`}</p>
          </div>
        )}
        <List
          caption="Members"
          columns={columnsOf(at, { logged, settings, isShared: shared !== null })}
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

/** The one reason that all members of a page share, which need not stand in each row; or null. */
function sharedReason(members: readonly TargetGroupMember[]): string | null {
  const [first] = members;
  const [reason] = first?.reasons ?? [];
  if (reason === undefined || members.length === 1) return null;
  const isSame = ({ reasons }: TargetGroupMember) =>
    reasons.length === 1 && reasons.every(({ detail, heldBy }) => detail === reason.detail && heldBy === null);
  return members.every(isSame) ? reason.detail : null;
}

interface WhyProps {
  logged: ReadonlySet<string>;
  settings: ReadonlySet<string>;
  /** Whether the reason stands above the list, once for all. */
  isShared: boolean;
}

function columnsOf(at: At, { logged, settings, isShared }: WhyProps): Column<TargetGroupMember>[] {
  return [
    {
      head: "Person",
      sort: { up: "name", down: "-name" },
      namesRow: true,
      cell: (member) => <MemberName companyId={at.companyId} member={member} />,
    },
    { head: "Name", look: "wide", sort: { up: "full-name", down: "-full-name" }, cell: nameOf },
    {
      head: "Why",
      look: "cause",
      cell: (member) => (
        <>
          {isShared ? (
            <RequestLink companyId={at.companyId} requestId={member.reasons[0]?.requestId} logged={logged} />
          ) : (
            <Reasons companyId={at.companyId} reasons={member.reasons} logged={logged} settings={settings} isUnderWhy />
          )}
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
