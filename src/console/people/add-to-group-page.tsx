import * as z from "zod";
import { selectTargetUser, type TargetUser, userKeyOf } from "../../directory/target-user-store.ts";
import { type GroupOfUser, selectGroupsOfUser } from "../../grouping/membership-store.ts";
import {
  BY_NAME,
  type CountedTargetGroup,
  findTargetGroup,
  listTargetGroups,
  positionOfTargetGroup,
} from "../../grouping/target-group-store.ts";
import { readPosition } from "../../platform/list-position.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { PREVIEW, previewJoining } from "../../previews/preview-change.ts";
import type { ConsoleContext } from "../console-env.ts";
import { SOURCE_WORDS } from "../groups/groups-page.tsx";
import { isFirstPage, readEdges, readingPlaceOf, toPageBothWays } from "../list-page.ts";
import { perform } from "../perform-for-page.ts";
import { readValues } from "../read-form.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { notHere, Refused } from "../refused.ts";
import { href, type LinkQuery } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { EnrolmentFigures } from "../setting/preview-figures.tsx";
import { FilterForm, FormEnd, Hidden } from "../views/form.tsx";
import { type Column, List, SearchField } from "../views/list.tsx";
import { formatCount } from "../views/moments-and-counts.tsx";
import { Empty, Pill } from "../views/pills-notices-pager.tsx";
import { PersonFrame } from "./person-frame.tsx";
import { fullNameOf } from "./require-person.ts";

/** What the URL of the list to choose from may ask for; with a group, what adding the person to it would do. */
const addToGroupQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  group: z.string().max(64).catch(""),
});

/** The target groups a person can be put into by hand; or, once one is chosen, what that starts, and the button that does it. */
export async function showAddToGroup(c: ConsoleContext) {
  const { q, group } = addToGroupQuery.parse(c.req.query());
  return group === "" ? showChoice(c, q) : showConsequences(c, group);
}

interface Placed {
  user: TargetUser;
  groups: GroupOfUser[];
}

async function requirePerson(c: ConsoleContext): Promise<Placed> {
  const { company, database } = c.var;
  const userId = c.req.param("userId") ?? "";
  const { user, groups } = await runRead(
    database,
    together({
      user: selectTargetUser(company.key, userId),
      groups: selectGroupsOfUser(userKeyOf(company.key, userId)),
    }),
  );
  if (user === null) throw notHere();
  if (user.beingRemoved)
    throw new Refused(
      409,
      "This person is being removed",
      `${user.userName} goes with the SCIM setting “${user.setting.name}”, which was deleted with its people.`,
    );
  return { user, groups };
}

async function readChoice(c: ConsoleContext, q: string) {
  const { company, database } = c.var;
  const placed = await requirePerson(c);
  const at = { companyId: company.id, userId: placed.user.id };
  const url = href("addToGroup", at, { q });
  const edges = readEdges(c, url, readPosition);
  const query = { ...BY_NAME, search: q };
  const found = await listTargetGroups(database, company.key, query, readingPlaceOf(edges), searchOf(c));
  const page = toPageBothWays(url, found, edges, (group) => positionOfTargetGroup(group, "name"));
  return { ...placed, at, page, isFirst: isFirstPage(page, edges) };
}

async function showChoice(c: ConsoleContext, q: string) {
  const { user, groups, at, page, isFirst } = await atOneMoment(c, () => readChoice(c, q));
  const link = (more: LinkQuery) => href("addToGroup", at, { q, ...more });
  return c.html(
    <PersonFrame
      c={c}
      user={user}
      title={`Add ${fullNameOf(user)} to a target group`}
      lead="Choose one. Before anything is changed you see what it starts. They stay until somebody takes them out by hand; SCIM does not."
      isWide
    >
      <FilterForm url={href("addToGroup", at)} action="Search" isFiltered={q !== ""}>
        <SearchField label="Search" value={q} placeholder="Part of the name" />
      </FilterForm>
      <div class="card flush">
        <List
          caption="Target groups"
          columns={columnsOf(groups, (group) => link({ group }))}
          page={page}
          isFirst={isFirst}
          link={link}
          isCounted
          empty={
            <Empty icon="groups" title={q === "" ? "There is no target group yet" : "No group matches"}>
              <p>{q === "" ? "Make one on the page of the target groups." : "Try fewer letters."}</p>
            </Empty>
          }
        />
      </div>
    </PersonFrame>,
  );
}

function columnsOf(groups: readonly GroupOfUser[], choose: (groupId: string) => string): Column<CountedTargetGroup>[] {
  const held = new Map(groups.map(({ id, reasons }) => [id, reasons.some(({ kind }) => kind === "manual")]));
  return [
    {
      head: "Name",
      namesRow: true,
      cell: ({ id, name }) => (
        <>
          {name}
          {held.get(id) === false && <span class="sub">In it by a rule</span>}
        </>
      ),
    },
    { head: "Source", look: "wide", cell: ({ source }) => SOURCE_WORDS[source] },
    { head: "Members", look: "number", cell: ({ memberCount }) => formatCount(memberCount) },
    {
      head: <span class="hidden">Choose</span>,
      look: "number",
      cell: ({ id, name }) =>
        held.get(id) === true ? (
          <Pill tone="good">In it</Pill>
        ) : (
          <a class="button" href={choose(id)}>
            Choose<span class="hidden">{` ${name}`}</span>
          </a>
        ),
    },
  ];
}

async function readConsequences(c: ConsoleContext, groupId: string) {
  const { company, database } = c.var;
  const { user, groups } = await requirePerson(c);
  const group = await findTargetGroup(database, company.key, groupId);
  if (group === null) throw notHere();
  const isMember = groups.some(({ id }) => id === group.id);
  const enrolments = isMember
    ? []
    : await searchOf(c)(PREVIEW, (reads) => previewJoining(reads, company.key, user.key, group.key));
  return { user, group, isMember, enrolments };
}

async function showConsequences(c: ConsoleContext, groupId: string) {
  const { user, group, isMember, enrolments } = await atOneMoment(c, () => readConsequences(c, groupId));
  const at = { companyId: c.var.company.id, userId: user.id };
  return c.html(
    <PersonFrame
      c={c}
      user={user}
      title={`Add ${fullNameOf(user)} to ${group.name}?`}
      lead="They stay until somebody takes them out by hand; SCIM does not."
    >
      <form class="card stack" method="post" action={href("addToGroup", at)}>
        {isMember && <p>A rule has put them there already. By hand they stay when the rule gives it no more.</p>}
        {!user.active && <p>They are inactive: nothing starts before they are active again.</p>}
        <EnrolmentFigures enrolments={enrolments} />
        <Hidden values={{ group: group.id }} />
        <FormEnd cancel={href("addToGroup", at)} label="Add to this group" />
      </form>
    </PersonFrame>,
  );
}

/** Puts the person into a target group by hand. */
export async function addToGroup(c: ConsoleContext) {
  const { user } = await requirePerson(c);
  const { group = "" } = await readValues(c);
  await perform(c, { kind: "addManualMember", targetGroupId: group, userId: user.id });
  const at = { companyId: c.var.company.id, userId: user.id };
  return c.redirect(href("person", at, { done: "member-added" }), 303);
}
