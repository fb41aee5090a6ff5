import { createMiddleware } from "hono/factory";
import { runRead } from "../../platform/read-batch.ts";
import { selectDeletedSetting } from "../../settings/setting-store.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { href } from "../routes.ts";
import { Page } from "../views/layout.tsx";
import { formatExact } from "../views/moments-and-counts.tsx";

/** Where a page of a setting is not there because the setting was deleted, says so and leads on: links to it live longer. */
export const explainDeletedSetting = createMiddleware<ConsoleEnv, "/companies/:companyId/settings/:settingId">(
  async (c, next) => {
    await next();
    if (c.res.status !== 404 || c.req.method !== "GET") return;
    const { company, database, session } = c.var;
    const id = c.req.param("settingId");
    const deleted = await runRead(database, selectDeletedSetting(company.key, id));
    if (deleted === null) return;
    const at = { companyId: company.id };
    c.status(410);
    c.res = await c.html(
      <Page
        title={`${deleted.name} was deleted`}
        company={company}
        session={session}
        section="settings"
        crumbs={[{ label: "SCIM settings", url: href("settings", at) }]}
        lead={deleted.deletedAt === null ? undefined : `On ${formatExact(deleted.deletedAt)}.`}
        narrow
      >
        <section class="card stack" aria-label="What is left">
          <p>Its credentials no longer work, and its provider’s requests are refused. What is left of it:</p>
          <ul class="bullets">
            <li>
              <a href={href("log", at, { setting: id })}>Its requests</a>, as long as the provisioning log keeps them
            </li>
            <li>
              <a href={href("people", at, { setting: "none" })}>People without a connection</a>, if they were kept
            </li>
          </ul>
        </section>
      </Page>,
    );
  },
);
