import { MOST_OF_EACH, selectOpenAlertCounts } from "../alerts/alert-store.ts";
import type { Company } from "../companies/company.ts";
import { listCompanies } from "../companies/company-store.ts";
import { openDatabase } from "../platform/database.ts";
import { readKey } from "../platform/list-position.ts";
import { runRead } from "../platform/read-batch.ts";
import { newId } from "../platform/uuid.ts";
import type { ConsoleContext, ConsoleEnv } from "./console-env.ts";
import { deploymentNotices } from "./deployment-notices.tsx";
import { isFirstPage, type ListPage, PAGE_SIZE, readEdges, toPageBothWays } from "./list-page.ts";
import type { Errors, Values } from "./read-form.ts";
import { href } from "./routes.ts";
import { ErrorSummary, Hidden, Input, Submit } from "./views/form.tsx";
import { Page } from "./views/layout.tsx";
import { type Column, List } from "./views/list.tsx";
import { countOf, Moment } from "./views/moments-and-counts.tsx";
import { Empty, Pill } from "./views/pills-notices-pager.tsx";

/** The operator's list of companies; an admin is led to their own. */
export async function showCompanies(c: ConsoleContext, values: Values = {}, errors: Errors = {}) {
  const { session } = c.var;
  if (session.role === "admin") return c.redirect(href("company", { companyId: session.companyId }), 303);
  const url = href("companies", {});
  const edges = readEdges(c, url, readKey);
  const rows = await listCompanies(c.env, { take: PAGE_SIZE + 1, ...edges });
  const page = toPageBothWays(url, rows, edges, (company) => company.key);
  const alerts = await countAlerts(c.env, page.rows);
  return c.html(
    <Page
      title="Companies"
      company={null}
      session={session}
      lead="Of which something wants somebody; the first page of each company says what."
      notice={await deploymentNotices(c.env, Date.now())}
    >
      <div class="stack">
        <NewCompany values={values} errors={errors} isOpen={page.rows.length === 0} />
        <Companies page={page} alerts={alerts} isFirst={isFirstPage(page, edges)} />
      </div>
    </Page>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** How many alerts are open of each company of a page, by the companies' keys: one query for each database that has some. */
async function countAlerts(env: ConsoleEnv["Bindings"], companies: readonly Company[]): Promise<Map<number, number>> {
  const byShard = [...Map.groupBy(companies, ({ shard }) => shard)];
  const counts = await Promise.all(
    byShard.map(([shard, own]) =>
      runRead(openDatabase(env, { shard }), selectOpenAlertCounts(own.map(({ key }) => key))),
    ),
  );
  return new Map(counts.flatMap((found) => [...found]));
}

interface CompaniesProps {
  page: ListPage<Company>;
  alerts: ReadonlyMap<number, number>;
  isFirst: boolean;
}

function Companies({ page, alerts, isFirst }: CompaniesProps) {
  return (
    <div class={page.rows.length === 0 ? "card" : "card flush"}>
      <List
        caption="Companies"
        columns={columnsOf(alerts)}
        page={page}
        isFirst={isFirst}
        isCounted
        link={(more) => href("companies", {}, more)}
        empty={
          <Empty icon="company" title="No companies yet">
            <p>
              Make the first above. The platform makes them with <code>POST /api/v1/companies</code>, and they appear
              here at once.
            </p>
          </Empty>
        }
      />
    </div>
  );
}

interface NewCompanyProps {
  values: Values;
  errors: Errors;
  isOpen: boolean;
}

function NewCompany({ values, errors, isOpen }: NewCompanyProps) {
  return (
    <section class="card">
      <details open={isOpen || Object.keys(errors).length > 0}>
        <summary>Make a company</summary>
        <form class="stack" method="post" action={href("companies", {})}>
          <ErrorSummary errors={errors} />
          <Hidden values={{ id: newId(Date.now()) }} />
          <Input name="name" label="Name" values={values} errors={errors} maxlength={200} autocomplete="off" />
          <Submit label="Make company" />
        </form>
      </details>
    </section>
  );
}

function columnsOf(alerts: ReadonlyMap<number, number>): readonly Column<Company>[] {
  return [
    {
      head: "Name",
      namesRow: true,
      cell: ({ id, name }) => <a href={href("company", { companyId: id })}>{name}</a>,
    },
    { head: "State", cell: ({ id, key }) => <State companyId={id} open={alerts.get(key) ?? 0} /> },
    { head: "Since", look: "wide", cell: ({ createdAt }) => <Moment time={createdAt} /> },
  ];
}

/** Whether something of a company wants somebody, with the way to what it is. */
function State({ companyId, open }: { companyId: string; open: number }) {
  if (open === 0) return <Pill tone="good">No alert</Pill>;
  const count = open >= MOST_OF_EACH ? `${MOST_OF_EACH}+ alerts` : countOf(open, "alert");
  return (
    <a href={href("alerts", { companyId })}>
      <Pill tone="bad">{count}</Pill>
    </a>
  );
}
