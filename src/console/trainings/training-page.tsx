import { isWalked, positionOfPerson } from "../../directory/people-order.ts";
import { type PeopleTotals, selectPeopleTotals } from "../../directory/people-totals-store.ts";
import { listEnrolledPeople } from "../../enrolment/enrolled-people-store.ts";
import { selectEnrolmentsInItem } from "../../enrolment/enrolment-store.ts";
import { selectGroupsOfItem, selectTrainings, type Training } from "../../enrolment/training-store.ts";
import { readPosition } from "../../platform/list-position.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import type { ConsoleContext } from "../console-env.ts";
import { isFirstPage, type ListPage, readEdges, readingPlaceOf, toPageBothWays } from "../list-page.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { notHere } from "../refused.ts";
import { href, type LinkQuery } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { ExportLink } from "../views/export-link.tsx";
import { FilterForm, Hidden, Select } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { List, SearchField } from "../views/list.tsx";
import { countOf, formatCount } from "../views/moments-and-counts.tsx";
import { type EnrollingGroup, enrolledColumns, Nobody, type PersonOfItem } from "./enrolled-list.tsx";
import { type EnrolledListQuery, enrolledQuery, peopleOf, SHOWN_WORDS } from "./enrolled-query.ts";
import { KIND_WORDS, trainingUrl } from "./training-words.ts";
import { readWhyWithdrawn } from "./why-withdrawn.tsx";

/** A training or phishing simulation: who is enrolled in it, since when and by which groups, who was, and who is not. */
export async function showTraining(c: ConsoleContext) {
  const { company, session } = c.var;
  const query = enrolledQuery.parse(c.req.query());
  const { item, groups, why, page, isFirst } = await atOneMoment(c, () => readItem(c, query));
  const link = (more: LinkQuery) => urlOf(company.id, query, more);
  return c.html(
    <Page
      title={item.name}
      company={company}
      session={session}
      section="trainings"
      crumbs={[{ label: "Trainings", url: href("trainings", { companyId: company.id }) }]}
      lead={
        <>
          {`${KIND_WORDS[item.kind]} · `}
          <code>{item.id}</code>
        </>
      }
      aside={
        <ExportLink
          url={href("trainingCsv", { companyId: company.id }, { ...linkValues(query), kind: query.kind, id: query.id })}
          isByName={!isWalked(query.sort)}
        />
      }
    >
      <div class="stack">
        <Figures companyId={company.id} item={item} groups={groups} />
        <div>
          <Filters companyId={company.id} query={query} />
          <div class="card flush">
            <List
              caption={`${SHOWN_WORDS[query.show]}: people`}
              columns={enrolledColumns(company.id, query, { groups, why })}
              page={page}
              isFirst={isFirst}
              link={link}
              order={query.sort}
              isCounted
              empty={<Nobody query={query} groups={groups} companyId={company.id} />}
            />
          </div>
        </div>
      </div>
    </Page>,
  );
}

function linkValues({ show, q, sort }: EnrolledListQuery): LinkQuery {
  return { show: show === "active" ? null : show, q, sort: sort === "-added" ? null : sort };
}

function urlOf(companyId: string, query: EnrolledListQuery, more: LinkQuery = {}): string {
  return trainingUrl(companyId, query, { ...linkValues(query), ...more });
}

async function readItem(c: ConsoleContext, query: EnrolledListQuery) {
  const { company, database } = c.var;
  const url = urlOf(company.id, query);
  const edges = readEdges(c, url, readPosition);
  const { trainings, groups, totals } = await runRead(
    database,
    together({
      trainings: selectTrainings(company.key),
      groups: selectGroupsOfItem(company.key, query),
      totals: selectPeopleTotals(company.key),
    }),
  );
  const item = trainings.find(({ kind, id }) => kind === query.kind && id === query.id);
  if (item === undefined) throw notHere();
  const people = isForSureEmpty(query, item, totals)
    ? []
    : await listEnrolledPeople(database, company.key, peopleOf(query), readingPlaceOf(edges), searchOf(c));
  const page = toPageBothWays(url, people, edges, positionOfPerson);
  const keys = page.rows.map(({ key }) => key);
  const enrolments = await runRead(database, selectEnrolmentsInItem(keys, query));
  const rows = page.rows.map((person) => ({ ...person, enrolment: enrolments.get(person.key) ?? null }));
  const isFirst = isFirstPage(page, edges);
  const ended = rows.flatMap(({ enrolment }) => enrolment ?? []);
  const why = query.show === "withdrawn" ? await readWhyWithdrawn(database, company.key, query, ended) : null;
  return { item, groups, why, page: { ...page, rows } satisfies ListPage<PersonOfItem>, isFirst };
}

/** Whether the numbers that are kept say already that nobody is to be found: it need not be looked for. */
function isForSureEmpty(
  { show }: EnrolledListQuery,
  { enrolled, withdrawn }: Training,
  { active }: PeopleTotals,
): boolean {
  switch (show) {
    case "active":
      return enrolled === 0;
    case "withdrawn":
      return withdrawn === 0;
    case "none":
      // Each of those enrolled is an active person.
      return enrolled !== null && active <= enrolled;
  }
}

interface FiguresProps {
  companyId: string;
  item: Training;
  groups: readonly EnrollingGroup[];
}

/** Target groups that are named; of more it is said how many they are. */
const MOST_NAMED = 30;

function Figures({ companyId, item, groups }: FiguresProps) {
  return (
    <section class="card stack tight" aria-labelledby="figures-title">
      <h2 id="figures-title">
        {item.enrolled === null
          ? "Who is enrolled is being counted"
          : `${countOf(item.enrolled, "person is", "people are")} enrolled`}
      </h2>
      {groups.length === 0 ? (
        <p>
          No target group enrols anybody in it.{" "}
          <a href={href("groups", { companyId })}>Choose a group, and add it there</a>
        </p>
      ) : (
        <p>
          {"By "}
          {groups.slice(0, MOST_NAMED).map(({ id, name, memberCount }, index) => (
            <>
              {index > 0 && ", "}
              <a href={href("group", { companyId, groupId: id })}>{name}</a>
              <span class="soft">{` (${formatCount(memberCount)})`}</span>
            </>
          ))}
          {groups.length > MOST_NAMED && ` and ${formatCount(groups.length - MOST_NAMED)} more target groups`}
        </p>
      )}
      {groups.length > 1 && <p class="soft small">Somebody in several of these groups is enrolled once.</p>}
    </section>
  );
}

function Filters({ companyId, query }: { companyId: string; query: EnrolledListQuery }) {
  const { kind, id, show, q, sort } = query;
  return (
    <FilterForm
      url={href("training", { companyId })}
      action="Search"
      isFiltered={q !== ""}
      whole={trainingUrl(companyId, query, { show: show === "active" ? null : show })}
    >
      <Hidden values={{ kind, id, sort }} />
      <Select
        name="show"
        label="Show"
        values={{ show }}
        options={(["active", "withdrawn", "none"] as const).map((value) => ({ value, label: SHOWN_WORDS[value] }))}
      />
      <SearchField label="Search" value={q} placeholder="Name, user name or e-mail" />
    </FilterForm>
  );
}
