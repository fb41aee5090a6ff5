import * as z from "zod";
import { selectTrainings, type Training } from "../../enrolment/training-store.ts";
import { runRead } from "../../platform/read-batch.ts";
import type { ConsoleContext } from "../console-env.ts";
import { inStretches, streamCsv } from "../csv.ts";
import { PAGE_SIZE } from "../list-page.ts";
import { href, type LinkQuery } from "../routes.ts";
import { ExportLink } from "../views/export-link.tsx";
import { FilterForm, Select } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { type Column, SearchField, Table } from "../views/list.tsx";
import { formatCount } from "../views/moments-and-counts.tsx";
import { Empty, Pager } from "../views/pills-notices-pager.tsx";
import { arrangeTrainings, TRAINING_ORDERS } from "./arrange-trainings.ts";
import { KIND_WORDS, trainingUrl } from "./training-words.ts";

/** What the URL of the list may ask for. */
export const trainingQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  kind: z.enum(["training", "phishing"]).nullable().catch(null),
  sort: z.enum(TRAINING_ORDERS).catch("-enrolled"),
  page: z.coerce.number().int().min(1).max(1_000).catch(1),
});
type TrainingQuery = z.output<typeof trainingQuery>;

function linkValues({ q, kind, sort }: TrainingQuery): LinkQuery {
  return { q, kind, sort: sort === "-enrolled" ? null : sort };
}

/** The trainings and phishing simulations of a company, and how many are in each. */
export async function showTrainings(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const at = { companyId: company.id };
  const query = trainingQuery.parse(c.req.query());
  const all = await runRead(database, selectTrainings(company.key));
  const found = arrangeTrainings(all, query);
  const rows = found.slice((query.page - 1) * PAGE_SIZE, query.page * PAGE_SIZE);
  const link = (more: LinkQuery) => href("trainings", at, { ...linkValues(query), ...more });
  const isEmpty = all.length === 0 && query.q === "" && query.kind === null;
  const isLast = query.page * PAGE_SIZE >= found.length;
  return c.html(
    <Page
      title="Trainings"
      company={company}
      session={session}
      section="trainings"
      lead="What people can be enrolled in, and how many are."
      aside={!isEmpty && <ExportLink url={href("trainingsCsv", at, linkValues(query))} />}
    >
      {!isEmpty && <Filters companyId={company.id} query={query} />}
      <div class="card flush">
        {rows.length === 0 ? (
          <NoTrainings companyId={company.id} isFiltered={all.length > 0} />
        ) : (
          <>
            <Table
              caption="Trainings and phishing simulations"
              columns={columnsOf(company.id, all)}
              rows={rows}
              sorting={{ order: query.sort, link }}
            />
            <Pager
              shown={`${formatCount(rows.length)} of ${formatCount(found.length)}`}
              first={query.page > 2 ? link({}) : null}
              previous={query.page > 1 ? link({ page: query.page === 2 ? null : query.page - 1 }) : null}
              next={isLast ? null : link({ page: query.page + 1 })}
            />
          </>
        )}
      </div>
      {all.some(({ enrolled }) => enrolled === null) && (
        <p class="soft small">How many are enrolled is being counted: it shows after the company’s next change.</p>
      )}
    </Page>,
  );
}

function Filters({ companyId, query }: { companyId: string; query: TrainingQuery }) {
  const url = href("trainings", { companyId });
  return (
    <FilterForm url={url} action="Search" isFiltered={query.q !== "" || query.kind !== null}>
      <SearchField label="Search" value={query.q} placeholder="Part of the name, or the id" />
      <Select
        name="kind"
        label="Kind"
        values={{ kind: query.kind ?? "" }}
        options={[
          { value: "", label: "Any" },
          { value: "training", label: "Trainings" },
          { value: "phishing", label: "Phishing simulations" },
        ]}
      />
      <input type="hidden" name="sort" value={query.sort} />
    </FilterForm>
  );
}

function NoTrainings({ companyId, isFiltered }: { companyId: string; isFiltered: boolean }) {
  return isFiltered ? (
    <Empty icon="training" title="Nothing matches">
      <p>Try fewer letters, or any kind.</p>
    </Empty>
  ) : (
    <Empty icon="training" title="No trainings yet">
      <p>
        A target group enrols its members in trainings and phishing simulations. Choose a group, and add there what its
        members are to do.
      </p>
      <a class="button" href={href("groups", { companyId })}>
        To the target groups
      </a>
    </Empty>
  );
}

function columnsOf(companyId: string, all: readonly Training[]): Column<Training>[] {
  const isOffered: Column<Training> = {
    head: "Can be chosen",
    look: "wide",
    sort: { up: "-offered", down: "offered" },
    cell: ({ isInCatalogue }) => (isInCatalogue ? "Yes" : <span class="soft">No</span>),
  };
  return [
    {
      head: "Name",
      sort: { up: "name", down: "-name" },
      namesRow: true,
      cell: (training) => (
        <>
          <a href={trainingUrl(companyId, training)}>{training.name}</a>
          <span class="sub slim">{KIND_WORDS[training.kind]}</span>
        </>
      ),
    },
    { head: "Kind", look: "wide", sort: { up: "kind", down: "-kind" }, cell: ({ kind }) => KIND_WORDS[kind] },
    // Without a catalogue any id can be typed.
    ...(all.some(({ isInCatalogue }) => isInCatalogue) ? [isOffered] : []),
    {
      head: "Target groups",
      look: "number wide",
      sort: { up: "-groups", down: "groups" },
      cell: ({ groups }) => formatCount(groups),
    },
    {
      head: "Enrolled",
      look: "number",
      sort: { up: "-enrolled", down: "enrolled" },
      cell: ({ enrolled }) => (enrolled === null ? <span class="soft">–</span> : formatCount(enrolled)),
    },
  ];
}

/** The same list as a download, all of it. */
export async function exportTrainings(c: ConsoleContext) {
  const { company, database } = c.var;
  const query = trainingQuery.parse(c.req.query());
  return streamCsv<Training>(`trainings-${company.name}`, {
    head: ["Name", "Kind", "Target groups", "Enrolled", "In the catalogue", "Id"],
    // A company has hundreds at most.
    next: inStretches(arrangeTrainings(await runRead(database, selectTrainings(company.key)), query)),
    values: ({ name, kind, groups, enrolled, isInCatalogue, id }) => [
      ...[name, KIND_WORDS[kind], groups, enrolled, isInCatalogue ? "yes" : "no", id],
    ],
  });
}
