import * as z from "zod";
import type { Company } from "../companies/company.ts";
import { COMPANY_ORDERS, listCompanies } from "../companies/company-store.ts";
import { readKey } from "../platform/list-position.ts";
import { newId } from "../platform/uuid.ts";
import { CompanyState, readWants, type Wants } from "./company-state.tsx";
import type { ConsoleContext } from "./console-env.ts";
import { deploymentNotices } from "./deployment-notices.tsx";
import { isFirstPage, type ListPage, PAGE_SIZE, readEdges, toPageBothWays } from "./list-page.ts";
import type { Errors, Values } from "./read-form.ts";
import { href, type LinkQuery } from "./routes.ts";
import { ErrorSummary, Hidden, Input, Submit } from "./views/form.tsx";
import { Page } from "./views/layout.tsx";
import { type Column, List } from "./views/list.tsx";
import { Moment } from "./views/moments-and-counts.tsx";
import { Empty } from "./views/pills-notices-pager.tsx";

/** What the URL of the list may ask for. */
const companyQuery = z.object({ sort: z.enum(COMPANY_ORDERS).catch("made") });

/** The operator's list of companies; an admin is led to their own. */
export async function showCompanies(c: ConsoleContext, values: Values = {}, errors: Errors = {}) {
  const { session } = c.var;
  if (session.role === "admin") return c.redirect(href("company", { companyId: session.companyId }), 303);
  const { sort } = companyQuery.parse(c.req.query());
  const link = (more: LinkQuery) => href("companies", {}, { sort: sort === "made" ? null : sort, ...more });
  const url = link({});
  const edges = readEdges(c, url, readKey);
  const rows = await listCompanies(c.env, { take: PAGE_SIZE + 1, ...edges }, {}, sort);
  const page = toPageBothWays(url, rows, edges, (company) => company.key);
  const wants = await readWants(c.env, page.rows, Date.now());
  return c.html(
    <Page
      title="Companies"
      company={null}
      session={session}
      lead="Which of them want a look: the first page of each says more."
      notice={await deploymentNotices(c.env, Date.now())}
    >
      <div class="stack">
        <NewCompany values={values} errors={errors} isOpen={page.rows.length === 0} />
        <Companies page={page} wants={wants} isFirst={isFirstPage(page, edges)} link={link} order={sort} />
      </div>
    </Page>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

interface CompaniesProps {
  page: ListPage<Company>;
  wants: ReadonlyMap<number, Wants>;
  isFirst: boolean;
  link: (more: LinkQuery) => string;
  order: string;
}

function Companies({ page, wants, isFirst, link, order }: CompaniesProps) {
  return (
    <div class={page.rows.length === 0 ? "card" : "card flush"}>
      <List
        caption="Companies"
        columns={columnsOf(wants)}
        page={page}
        isFirst={isFirst}
        isCounted
        link={link}
        order={order}
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

function columnsOf(wants: ReadonlyMap<number, Wants>): readonly Column<Company>[] {
  return [
    {
      head: "Name",
      sort: { up: "name", down: "-name" },
      namesRow: true,
      cell: ({ id, name }) => <a href={href("company", { companyId: id })}>{name}</a>,
    },
    { head: "State", cell: ({ key }) => <CompanyState wants={wants.get(key)} /> },
    {
      head: "Since",
      look: "wide",
      sort: { up: "-made", down: "made" },
      cell: ({ createdAt }) => <Moment time={createdAt} />,
    },
  ];
}
