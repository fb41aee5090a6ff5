import { Hono } from "hono";
import { useConsoleLink } from "../companies/console-link-store.ts";
import { openRegistry } from "../platform/database.ts";
import { isFlooding, SHIELD_SECONDS, shieldKeyOf } from "../platform/flood-shield.ts";
import { equalsInConstantTime } from "../platform/secrets.ts";
import type { ConsoleEnv } from "./console-env.ts";
import { type Errors, readValues } from "./read-form.ts";
import { Refused } from "./refused.ts";
import { href, isConsolePath, ROUTES } from "./routes.ts";
import { endSession, startSession } from "./session.ts";
import { Hidden, Input } from "./views/form.tsx";
import { LonePage } from "./views/layout.tsx";
import { Notice } from "./views/parts.tsx";

/** The routes by which somebody comes in and goes out. */
export function signInRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.signIn, (c) =>
      c.html(<SignInPage next={c.req.query("next")} errors={{}} left={c.req.query("left") !== undefined} />),
    )
    .post(ROUTES.signIn, async (c) => {
      const { key = "", next } = await readValues(c);
      const operatorKey = c.env.OPERATOR_KEY ?? "";
      if (operatorKey === "")
        throw new Refused(503, "No operator key is set", "Run `wrangler secret put OPERATOR_KEY`, then sign in.");
      if (!equalsInConstantTime(key.trim(), operatorKey)) {
        const address = shieldKeyOf(c.req.header("CF-Connecting-IP"));
        if (await isFlooding(c.env.ADDRESS_SHIELD, address, c.req.url))
          throw new Refused(429, "Too many wrong keys", "Wait a little, then sign in again.", SHIELD_SECONDS);
        const error = key.trim() === "" ? "The operator key is needed." : "This is not the operator key.";
        return c.html(<SignInPage next={next} errors={{ key: error }} />, 401);
      }
      await startSession(c, { role: "operator" }, Date.now());
      return c.redirect(next !== undefined && isConsolePath(next) ? next : href("companies", {}), 303);
    })
    .get(ROUTES.enter, async (c) => {
      // A look ahead (HEAD, a prefetch) must not use the link up.
      if (c.req.method === "HEAD" || /prefetch|preview/i.test(c.req.header("Sec-Purpose") ?? ""))
        return c.body(null, 204);
      // Before the look-up: nobody needs a hundred links in ten seconds, and made-up ones would all reach D1.
      if (await isFlooding(c.env.ADDRESS_SHIELD, shieldKeyOf(c.req.header("CF-Connecting-IP")), c.req.url))
        throw new Refused(429, "Too many links", "Wait a little, then open the link again.", SHIELD_SECONDS);
      const companyId = await useConsoleLink(openRegistry(c.env), c.req.param("secret"), Date.now());
      if (companyId === null) return c.html(<SpentLinkPage />, 410);
      await startSession(c, { role: "admin", companyId }, Date.now());
      return c.redirect(href("settings", { companyId }), 303);
    })
    .post(ROUTES.signOut, async (c) => {
      await endSession(c, Date.now());
      return c.redirect(href("signIn", {}, { left: "yes" }), 303);
    });
}

interface SignInProps {
  next: string | undefined;
  errors: Errors;
  left?: boolean;
}

function SignInPage({ next, errors, left }: SignInProps) {
  return (
    <LonePage title="Sign in">
      {left && <Notice>You are signed out.</Notice>}
      <form class="card stack" method="post" action={href("signIn", {})}>
        <h1>Sign in</h1>
        <Input
          name="key"
          label="Operator key"
          type="password"
          values={{}}
          errors={errors}
          hint={
            <>
              The <code>OPERATOR_KEY</code> of this Rollcall; <code>npm run dev</code> prints it.
            </>
          }
          autocomplete="current-password"
          autofocus
        />
        <Hidden values={{ next: next !== undefined && isConsolePath(next) ? next : undefined }} />
        <button class="primary" type="submit">
          Sign in
        </button>
      </form>
      <p class="soft small">
        Company admins come in by a one-time link that your awareness platform gives: open SCIM Settings there again.
      </p>
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
