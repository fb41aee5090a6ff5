import * as z from "zod";
import { selectAutoEnrolments } from "../../enrolment/enrolment-store.ts";
import { type CatalogueItem, selectCatalogue } from "../../enrolment/training-store.ts";
import { selectTargetGroup, targetGroupKeyOf } from "../../grouping/target-group-store.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import type { ConsoleContext } from "../console-env.ts";
import { PAGE_SIZE } from "../list-page.ts";
import type { Errors } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href, type LinkQuery } from "../routes.ts";
import { arrangeItems } from "../trainings/arrange-trainings.ts";
import { KIND_WORDS } from "../trainings/training-words.ts";
import { ErrorSummary, FilterForm, Hidden } from "../views/form.tsx";
import { type Column, SearchField, Table } from "../views/list.tsx";
import { formatCount } from "../views/moments-and-counts.tsx";
import { Empty, Pager, Pill } from "../views/pills-notices-pager.tsx";
import { GroupStep } from "./group-step.tsx";

/** What the URL of the list to choose from may ask for. */
const choiceQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  page: z.coerce.number().int().min(1).max(1_000).catch(1),
});

/** What the platform offers, to choose what a target group enrols its members in. */
export async function showChoice(c: ConsoleContext, errors: Errors = {}) {
  const { company, database } = c.var;
  const at = { companyId: company.id, groupId: c.req.param("groupId") ?? "" };
  const { q, page } = choiceQuery.parse(c.req.query());
  const { group, present, offered } = await runRead(
    database,
    together({
      group: selectTargetGroup(company.key, at.groupId),
      present: selectAutoEnrolments(company.key, targetGroupKeyOf(company.key, at.groupId)),
      offered: selectCatalogue(company.key),
    }),
  );
  if (group === null) throw notHere();
  const found = arrangeItems(offered, q);
  const rows = found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  const link = (more: LinkQuery) => href("chooseItem", at, { q, ...more });
  return c.html(
    <GroupStep
      c={c}
      group={group}
      title="Add a training or a phishing simulation"
      lead="Choose one. Before anybody is enrolled you see how many it would be."
      isWide
    >
      <ErrorSummary errors={errors} />
      <FilterForm url={href("chooseItem", at)} action="Search" isFiltered={q !== ""}>
        <SearchField label="Search" value={q} placeholder="Part of the name, or the id" />
      </FilterForm>
      <div class="card flush">
        {rows.length === 0 ? (
          <Empty icon="training" title={offered.length === 0 ? "There is nothing to choose from" : "Nothing matches"}>
            <p>{offered.length === 0 ? "The platform offers no trainings yet." : "Try fewer letters."}</p>
          </Empty>
        ) : (
          <>
            <Table caption="What can be chosen" columns={columnsOf(at, present)} rows={rows} />
            <Pager
              shown={`${formatCount(rows.length)} of ${formatCount(found.length)}`}
              first={page > 2 ? link({}) : null}
              previous={page > 1 ? link({ page: page === 2 ? null : page - 1 }) : null}
              next={page * PAGE_SIZE >= found.length ? null : link({ page: page + 1 })}
            />
          </>
        )}
      </div>
    </GroupStep>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

type Item = Pick<CatalogueItem, "kind" | "id">;

function columnsOf(at: { companyId: string; groupId: string }, present: readonly Item[]): Column<CatalogueItem>[] {
  const isPresent = (item: Item) => present.some(({ kind, id }) => kind === item.kind && id === item.id);
  return [
    {
      head: "Name",
      namesRow: true,
      cell: ({ name, kind }) => (
        <>
          {name}
          <span class="sub slim">{KIND_WORDS[kind]}</span>
        </>
      ),
    },
    { head: "Kind", look: "wide", cell: ({ kind }) => KIND_WORDS[kind] },
    {
      head: <span class="hidden">Choose</span>,
      look: "number",
      cell: (item) => (isPresent(item) ? <Pill tone="good">Added</Pill> : <Choose at={at} item={item} />),
    },
  ];
}

function Choose({ at, item: { kind, id, name } }: { at: { companyId: string; groupId: string }; item: CatalogueItem }) {
  return (
    <form method="post" action={href("addAutoEnrolment", at)}>
      <Hidden values={{ kind, id, name }} />
      <button type="submit" aria-label={`Choose ${name}`}>
        Choose
      </button>
    </form>
  );
}
