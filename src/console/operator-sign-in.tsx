import { Hono } from "hono";
import { refuseWrongKey } from "../companies/throttle-wrong-operator-keys.ts";
import { equalsInConstantTime } from "../platform/constant-time.ts";
import { faultOfSecret } from "../platform/secret-strength.ts";
import type { ConsoleEnv } from "./console-env.ts";
import { type Errors, readValues } from "./read-form.ts";
import { Refused } from "./refused.ts";
import { href, ROUTES } from "./routes.ts";
import { isConsolePath } from "./safe-return-path.ts";
import { leaveSession, startOperatorSession } from "./session-lifetime.ts";
import { Hidden, Input } from "./views/form.tsx";
import { LonePage } from "./views/layout.tsx";
import { Notice } from "./views/pills-notices-pager.tsx";
import { RichText } from "./views/rich-text.tsx";

/** The routes by which the operator comes in, and everybody goes out. */
export function signInRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.signIn, (c) =>
      c.html(
        <SignInPage
          next={c.req.query("next")}
          errors={{}}
          left={c.req.query("left") !== undefined}
          fault={faultOfSecret(c.env, "OPERATOR_KEY")}
        />,
      ),
    )
    .post(ROUTES.signIn, async (c) => {
      const { key = "", next } = await readValues(c);
      const fault = faultOfSecret(c.env, "OPERATOR_KEY");
      if (fault !== null) throw new Refused(503, "The operator’s console is closed", fault);
      if (!equalsInConstantTime(key.trim(), c.env.OPERATOR_KEY)) {
        const address = c.req.header("CF-Connecting-IP");
        const given = key.trim();
        const seconds = await refuseWrongKey(c.env, { given, address, requestUrl: c.req.url, now: Date.now() });
        if (seconds !== null)
          throw new Refused(429, "Too many wrong keys", "Wait a little, then sign in again.", seconds);
        const error = key.trim() === "" ? "The operator key is needed." : "This is not the operator key.";
        return c.html(<SignInPage next={next} errors={{ key: error }} />, 401);
      }
      await startOperatorSession(c, Date.now());
      return c.redirect(next !== undefined && isConsolePath(next) ? next : href("companies", {}), 303);
    })
    .post(ROUTES.signOut, async (c) => {
      const left = await leaveSession(c, Date.now());
      const wasAdmin = left.state === "live" ? left.session.role === "admin" : left.state === "over" && left.wasAdmin;
      return c.redirect(wasAdmin ? href("signedOut", {}) : href("signIn", {}, { left: "yes" }), 303);
    })
    .get(ROUTES.signedOut, (c) => c.html(<SignedOutPage isOver={c.req.query("over") !== undefined} />));
}

interface SignInProps {
  next: string | undefined;
  errors: Errors;
  left?: boolean;
  /** Why nobody can sign in here. */
  fault?: string | null;
}

/** Who wanted a company's page is most likely its admin, whose session is over. */
function SignInPage({ next, errors, left, fault = null }: SignInProps) {
  const isOfCompany = next?.startsWith(href("company", { companyId: "" })) === true;
  return (
    <LonePage title="Sign in">
      {left && <Notice>You are signed out.</Notice>}
      {fault !== null && (
        <Notice tone="bad">
          <RichText text={`The operator’s console is closed. ${fault}`} />
        </Notice>
      )}
      {isOfCompany && (
        <div class="card stack">
          <h1>You are not signed in</h1>
          <p>{`Your session was ended, or its time was up. ${COME_BACK}`}</p>
        </div>
      )}
      <form class="card stack" method="post" action={href("signIn", {})}>
        {isOfCompany ? <h2>The operator signs in here</h2> : <h1>Sign in</h1>}
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
          autofocus={!isOfCompany}
        />
        <Hidden values={{ next: next !== undefined && isConsolePath(next) ? next : undefined }} />
        <button class="primary" type="submit">
          Sign in
        </button>
      </form>
      {!isOfCompany && (
        <p class="soft small">
          Company admins come in by a one-time link that your awareness platform gives: open SCIM Settings there again.
        </p>
      )}
    </LonePage>
  );
}

const COME_BACK =
  "To come back, go to your awareness platform and open SCIM Settings there: it gives you a new sign-in link.";

/** An admin has no key to come in with: the page says where the next link is. */
function SignedOutPage({ isOver }: { isOver: boolean }) {
  const title = isOver ? "Your session is over" : "You are signed out";
  return (
    <LonePage title={title}>
      <div class="card stack">
        <h1>{title}</h1>
        <p>
          {isOver && "It was ended, or its time was up. "}
          {COME_BACK}
        </p>
      </div>
    </LonePage>
  );
}
