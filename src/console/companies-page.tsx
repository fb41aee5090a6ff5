import type { Company } from "../companies/company.ts";
import { listCompanies } from "../companies/company-store.ts";
import { readKey } from "../platform/position.ts";
import type { ConsoleContext } from "./console-env.ts";
import { type ListPage, PAGE_SIZE, readCursor, toPage } from "./list-page.ts";
import { href } from "./routes.ts";
import { Page } from "./views/layout.tsx";
import { Empty, Moment, Pager } from "./views/parts.tsx";

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
    >
      <Companies page={page} isFirst={after === null} />
    </Page>,
  );
}

function Companies({ page, isFirst }: { page: ListPage<Company>; isFirst: boolean }) {
  if (page.rows.length === 0)
    return (
      <div class="card">
        <Empty icon="company" title="No companies yet">
          <p>
            The platform makes companies with <code>POST /api/v1/companies</code>. They appear here at once.
          </p>
        </Empty>
      </div>
    );
  return (
    <div class="card flush">
      <table>
        <caption>Companies</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {page.rows.map((company) => (
            <tr>
              <th scope="row">
                <a href={href("settings", { companyId: company.id })}>{company.name}</a>
              </th>
              <td>
                <Moment time={company.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {(page.next !== null || !isFirst) && (
        <Pager
          shown={`${page.rows.length} shown`}
          first={isFirst ? null : href("companies", {})}
          next={page.next === null ? null : href("companies", {}, { after: page.next })}
        />
      )}
    </div>
  );
}
