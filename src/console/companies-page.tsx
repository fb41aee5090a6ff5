import type { Company } from "../companies/company.ts";
import { listCompanies } from "../companies/company-store.ts";
import { readKey } from "../platform/list-position.ts";
import type { ConsoleContext } from "./console-env.ts";
import { deploymentNotices } from "./deployment-notices.tsx";
import { type ListPage, PAGE_SIZE, readCursor, toPage } from "./list-page.ts";
import { href } from "./routes.ts";
import { Page } from "./views/layout.tsx";
import { type Column, List } from "./views/list.tsx";
import { Moment } from "./views/moments-and-counts.tsx";
import { Empty } from "./views/pills-notices-pager.tsx";

/** The operator's list of companies; an admin is led to their own. */
export async function showCompanies(c: ConsoleContext) {
  const { session } = c.var;
  if (session.role === "admin") return c.redirect(href("settings", { companyId: session.companyId }), 303);
  const url = href("companies", {});
  const after = readCursor(url, c.req.query("after"), readKey);
  const rows = await listCompanies(c.env, { take: PAGE_SIZE + 1, after });
  const page = toPage(url, rows, PAGE_SIZE, (company) => company.key);
  return c.html(
    <Page
      title="Companies"
      company={null}
      session={session}
      lead="Choose a company to see its SCIM settings and people."
      notice={await deploymentNotices(c.env, Date.now())}
    >
      <Companies page={page} isFirst={after === null} />
    </Page>,
  );
}

function Companies({ page, isFirst }: { page: ListPage<Company>; isFirst: boolean }) {
  return (
    <div class={page.rows.length === 0 ? "card" : "card flush"}>
      <List
        caption="Companies"
        columns={COLUMNS}
        page={page}
        isFirst={isFirst}
        link={(more) => href("companies", {}, more)}
        empty={
          <Empty icon="company" title="No companies yet">
            <p>
              The platform makes companies with <code>POST /api/v1/companies</code>. They appear here at once.
            </p>
          </Empty>
        }
      />
    </div>
  );
}

const COLUMNS: readonly Column<Company>[] = [
  {
    head: "Name",
    namesRow: true,
    cell: ({ id, name }) => <a href={href("settings", { companyId: id })}>{name}</a>,
  },
  { head: "Since", cell: ({ createdAt }) => <Moment time={createdAt} /> },
];
