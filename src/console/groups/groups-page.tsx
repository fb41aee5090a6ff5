import * as z from "zod";
import {
  type CountedTargetGroup,
  listTargetGroups,
  positionOfTargetGroup,
  TARGET_GROUP_ORDERS,
  type TargetGroupQuery,
} from "../../grouping/target-group-store.ts";
import { isoTime } from "../../platform/clock.ts";
import { type Position, readPosition } from "../../platform/list-position.ts";
import { groupName } from "../../settings/group-name-input.ts";
import { GROUP_NAME_LIMIT } from "../../settings/target-group-name.ts";
import type { ConsoleContext } from "../console-env.ts";
import { byPosition, streamCsv } from "../csv.ts";
import { isFirstPage, readEdges, readingPlaceOf, toPageBothWays } from "../list-page.ts";
import { attempt } from "../perform-for-page.ts";
import { type Errors, readForm, type Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { patientSearchOf, searchOf } from "../search-in-share.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { ExportLink } from "../views/export-link.tsx";
import { ErrorSummary, FilterForm, Hidden, Input, Select, Submit } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { type Column, List, SearchField } from "../views/list.tsx";
import { formatCount, Moment } from "../views/moments-and-counts.tsx";
import { Empty } from "../views/pills-notices-pager.tsx";

const SOURCES = ["manual", "everyone", "field", "idp"] as const;
/** What the URL of the list may ask for. */
export const groupQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  source: z.enum(SOURCES).nullable().catch(null),
  sort: z.enum(TARGET_GROUP_ORDERS).catch("name"),
});
const newGroup = z.object({ name: groupName });

/** What made a target group, in words. */
export const SOURCE_WORDS: Record<CountedTargetGroup["source"], string> = {
  manual: "Made by hand",
  everyone: "A setting’s own group",
  field: "A field’s value",
  idp: "The provider’s group",
};

function readQuery(c: ConsoleContext): TargetGroupQuery {
  const { q, source, sort } = groupQuery.parse(c.req.query());
  return { search: q, source, order: sort };
}

function linkValues({ search, source, order }: TargetGroupQuery): Record<string, string | null> {
  return { q: search, source, sort: order === "name" ? null : order };
}

/** The target groups of a company, and the form for one more. */
export async function showGroups(c: ConsoleContext, values: Values = {}, errors: Errors = {}) {
  const { company, database, session } = c.var;
  const query = readQuery(c);
  const url = href("groups", { companyId: company.id }, linkValues(query));
  const edges = readEdges(c, url, readPosition);
  const rows = await listTargetGroups(database, company.key, query, readingPlaceOf(edges), searchOf(c));
  const page = toPageBothWays(url, rows, edges, (group) => positionOfTargetGroup(group, query.order));
  const isFiltered = query.search !== "" || query.source !== null;
  const isFirst = isFirstPage(page, edges);
  const isEmpty = page.rows.length === 0 && isFirst && !isFiltered;
  return c.html(
    <Page
      title="Target groups"
      company={company}
      session={session}
      section="groups"
      notice={<DoneNotice done={c.req.query("done")} />}
      lead="What people are sorted into, and what enrols them in trainings and phishing simulations."
      aside={!isEmpty && <ExportLink url={href("groupsCsv", { companyId: company.id }, linkValues(query))} />}
    >
      {!isEmpty && <Filters companyId={company.id} query={query} isFiltered={isFiltered} />}
      <div class="stack">
        <div class="card flush">
          <List
            caption="Target groups"
            columns={columnsOf(company.id)}
            page={page}
            isFirst={isFirst}
            link={(more) => href("groups", { companyId: company.id }, { ...linkValues(query), ...more })}
            order={query.order}
            isCounted
            empty={<NoGroups isFiltered={isFiltered} />}
          />
        </div>
        <NewGroup companyId={company.id} values={values} errors={errors} />
      </div>
    </Page>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

function Filters({
  companyId,
  query,
  isFiltered,
}: {
  companyId: string;
  query: TargetGroupQuery;
  isFiltered: boolean;
}) {
  const url = href("groups", { companyId });
  return (
    <FilterForm url={url} action="Search" isFiltered={isFiltered}>
      <SearchField label="Search" value={query.search} placeholder="Part of the name" />
      <Select
        name="source"
        label="Source"
        values={{ source: query.source ?? "" }}
        options={[{ value: "", label: "Any" }, ...SOURCES.map((value) => ({ value, label: SOURCE_WORDS[value] }))]}
      />
      <Hidden values={{ sort: query.order }} />
    </FilterForm>
  );
}

function NoGroups({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <Empty icon="groups" title="No group matches">
      <p>Try fewer letters or another source.</p>
    </Empty>
  ) : (
    <Empty icon="groups" title="No target groups yet">
      <p>
        They come by themselves with the first people, as the SCIM setting’s group settings say. You can also make one
        by hand.
      </p>
    </Empty>
  );
}

function columnsOf(companyId: string): Column<CountedTargetGroup>[] {
  return [
    {
      head: "Name",
      sort: { up: "name", down: "-name" },
      namesRow: true,
      cell: ({ id, name }) => <a href={href("group", { companyId, groupId: id })}>{name}</a>,
    },
    { head: "Source", sort: { up: "source", down: "-source" }, cell: ({ source }) => SOURCE_WORDS[source] },
    {
      head: "Members",
      look: "number",
      sort: { up: "-members", down: "members" },
      cell: ({ memberCount }) => formatCount(memberCount),
    },
    {
      head: "Made",
      look: "number wide",
      sort: { up: "-made", down: "made" },
      cell: ({ createdAt }) => <Moment time={createdAt} />,
    },
  ];
}

function NewGroup({ companyId, values, errors }: { companyId: string; values: Values; errors: Errors }) {
  return (
    <section class="card">
      <details open={Object.keys(errors).length > 0}>
        <summary>Make a target group by hand</summary>
        <form class="stack" method="post" action={href("groups", { companyId })}>
          <ErrorSummary errors={errors} />
          <Input
            name="name"
            label="Name"
            values={values}
            errors={errors}
            hint="SCIM never takes out whom you put in by hand. A value or group of this name coming later feeds this group too."
            maxlength={GROUP_NAME_LIMIT}
            autocomplete="off"
          />
          <Submit label="Make group" />
        </form>
      </details>
    </section>
  );
}

/** Makes a target group by hand. */
export async function createTargetGroup(c: ConsoleContext) {
  const form = await readForm(c, newGroup);
  if (!form.ok) return showGroups(c, form.values, form.errors);
  const result = await attempt(c, { kind: "createTargetGroup", name: form.data.name });
  if (!result.ok) {
    const field = result.code === "target_group_name_taken" ? "name" : "";
    return showGroups(c, form.values, { [field]: result.detail });
  }
  const groupId = result.outcome.kind === "done" ? result.outcome.id : undefined;
  if (groupId === undefined) throw new Error("the writer did not say what it made");
  return c.redirect(href("group", { companyId: c.var.company.id, groupId }, { done: "group-made" }), 303);
}

/** The same list as a download, all of it. */
export function exportGroups(c: ConsoleContext) {
  const { company, database } = c.var;
  const query = readQuery(c);
  const readInShare = patientSearchOf(c);
  return streamCsv<CountedTargetGroup>(`target-groups-${company.name}`, {
    head: ["Name", "Source", "Members", "Made", "Id"],
    next: byPosition(
      (after: Position | null, take) => listTargetGroups(database, company.key, query, { take, after }, readInShare),
      (group) => positionOfTargetGroup(group, query.order),
    ),
    values: ({ name, source, memberCount, createdAt, id }) => [
      name,
      SOURCE_WORDS[source],
      memberCount,
      isoTime(createdAt),
      id,
    ],
  });
}
