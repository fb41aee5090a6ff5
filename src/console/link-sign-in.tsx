import { Hono } from "hono";
import type { Company } from "../companies/company.ts";
import { findCompany } from "../companies/company-store.ts";
import { findConsoleLink } from "../companies/console-link-store.ts";
import { openRegistry } from "../platform/database.ts";
import { isFlooding, SHIELD_SECONDS, shieldKeyOf } from "../platform/flood-shield.ts";
import type { ConsoleContext, ConsoleEnv } from "./console-env.ts";
import { Refused } from "./refused.ts";
import { href, ROUTES } from "./routes.ts";
import { readSession, startAdminSession } from "./session-lifetime.ts";
import { LonePage } from "./views/layout.tsx";

/**
 * The routes of one-time links. Opening one only asks: another site's link, or a browser that looks ahead, signs nobody in
 * and uses nothing up. The form, which only this site's own page can send, does.
 */
export function enterRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.enter, async (c) => {
      await refuseFlood(c);
      const companyId = await findConsoleLink(openRegistry(c.env), c.req.param("secret"), Date.now());
      const company = companyId === null ? null : await findCompany(c.env, companyId);
      if (company === null) return c.html(<SpentLinkPage />, 410);
      const present = await readSession(c, Date.now());
      const isElsewhere =
        present.state === "live" && !(present.session.role === "admin" && present.session.companyId === company.id);
      return c.html(<EnterPage link={c.req.param("secret")} company={company} isElsewhere={isElsewhere} />);
    })
    .post(ROUTES.enter, async (c) => {
      await refuseFlood(c);
      const companyId = await startAdminSession(c, c.req.param("secret"), Date.now());
      if (companyId === null) return c.html(<SpentLinkPage />, 410);
      return c.redirect(href("company", { companyId }), 303);
    });
}

/** Before the look-up: nobody needs a hundred links in ten seconds, and made-up ones would all reach D1. */
async function refuseFlood(c: ConsoleContext): Promise<void> {
  if (await isFlooding(c.env.ADDRESS_SHIELD, shieldKeyOf(c.req.header("CF-Connecting-IP")), c.req.url))
    throw new Refused(429, "Too many links", "Wait a little, then open the link again.", SHIELD_SECONDS);
}

function EnterPage({
  link,
  company,
  isElsewhere,
}: {
  link: string;
  company: Pick<Company, "name">;
  isElsewhere: boolean;
}) {
  const title = `Sign in to ${company.name}`;
  return (
    <LonePage title={title}>
      <form class="card stack" method="post" action={href("enter", { secret: link })}>
        <h1>{title}</h1>
        <p>
          This link opens the SCIM settings, people and groups of <strong>{company.name}</strong>. It works once.
          {isElsewhere && " You are signed in elsewhere in this console: signing in here ends that."}
        </p>
        <button class="primary" type="submit">
          Sign in
        </button>
      </form>
      <p class="soft small">You did not ask for this? Close the page: nothing has happened.</p>
    </LonePage>
  );
}

function SpentLinkPage() {
  return (
    <LonePage title="This link no longer opens">
      <div class="card stack">
        <h1>This link no longer opens</h1>
        <p>
          A sign-in link works once and only for a short time. Go back to your awareness platform and open SCIM Settings
          there again: it gives a new one.
        </p>
      </div>
    </LonePage>
  );
}
