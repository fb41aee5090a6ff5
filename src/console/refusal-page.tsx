import type { Child } from "hono/jsx";
import { ShareUsedUp } from "../companies/read-in-share.ts";
import { describeError, isTransientFault, lacksTables } from "../platform/transient-fault.ts";
import type { ConsoleContext } from "./console-env.ts";
import { Refused } from "./refused.ts";
import { href } from "./routes.ts";
import { curly } from "./views/curly-quotes.ts";
import { LonePage, Page } from "./views/layout.tsx";
import { RichText } from "./views/rich-text.tsx";

const NO_TABLES = new Refused(
  503,
  "The database has no tables yet",
  "Run `npx wrangler d1 migrations apply DB --local` (or --remote for a deployed Worker), then load this page again.",
);
const BUSY = new Refused(
  503,
  "Too busy just now",
  "Nothing was lost. Wait a few seconds, then load this page again.",
  5,
);
const BROKEN = new Refused(
  500,
  "Something went wrong on our side",
  "Nothing you did. Try again; if it stays, tell us the number below.",
);

/** The one catcher: every error leaves the console as a page, an unknown one without its message. */
export function catchRefusal(error: Error, c: ConsoleContext): Response | Promise<Response> {
  const refused = toRefused(error);
  if (refused === BROKEN) {
    const { requestId } = c.var;
    console.error(JSON.stringify({ level: "error", room: "console", requestId, error: describeError(error) }));
  }
  // Hono types statuses as literals; every one a Refused carries is a status of an answer with a body.
  c.status(refused.status as 500);
  if (refused.retryAfter !== undefined) c.header("Retry-After", String(refused.retryAfter));
  return c.html(<RefusalPage refused={refused} c={c} />);
}

function toRefused(error: Error): Refused {
  if (error instanceof Refused) return error;
  if (error instanceof ShareUsedUp)
    return new Refused(429, "Too many searches at once", error.detail, error.retryAfter);
  if (isTransientFault(error)) return BUSY;
  return lacksTables(error) ? NO_TABLES : BROKEN;
}

/** In the company's frame where the request got as far as the company: what waits for a decision there is said on every page. */
function RefusalPage({ refused, c }: { refused: Refused; c: ConsoleContext }) {
  const { title } = refused;
  // Neither is there before the middleware that sets it has run.
  const { company, session } = c.var as Partial<ConsoleContext["var"]>;
  if (company === undefined || session === undefined)
    return (
      <LonePage title={title}>
        <Refusal
          refused={refused}
          c={c}
          url={href("companies", {})}
          label={refused.status === 503 ? "Load the console again" : "To the console"}
        >
          <h1>{title}</h1>
        </Refusal>
      </LonePage>
    );
  return (
    <Page title={title} company={company} session={session} narrow>
      <Refusal refused={refused} c={c} url={href("settings", { companyId: company.id })} label="To the SCIM settings" />
    </Page>
  );
}

interface RefusalProps {
  refused: Refused;
  c: ConsoleContext;
  url: string;
  label: string;
  children?: Child;
}

/** A request's own address, without the origin. */
function pathAndQuery(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function Refusal({ refused, c, url, label, children }: RefusalProps) {
  return (
    <div class="card stack">
      <p class="soft small">{refused.status}</p>
      {children}
      <p>
        <RichText text={curly(refused.detail)} />
      </p>
      {refused.status >= 500 && <p class="soft small mono">{c.var.requestId}</p>}
      <p class="row">
        {refused.retryAfter !== undefined && c.req.method === "GET" && (
          <a class="button" href={pathAndQuery(c.req.url)}>
            Try again
          </a>
        )}
        <a class="button" href={url}>
          {label}
        </a>
      </p>
    </div>
  );
}
