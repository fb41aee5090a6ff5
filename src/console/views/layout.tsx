import { html } from "hono/html";
import type { Child } from "hono/jsx";
import { assetUrl } from "../assets/assets.ts";
import type { CompanyInConsole, Session } from "../console-env.ts";
import { href } from "../routes.ts";
import { HeldBanner } from "./held-banner.tsx";
import { Icon, Wordmark } from "./icon.tsx";
import { Navigation, type Section } from "./navigation.tsx";

/** A step of the way from the company to the page shown. */
interface Crumb {
  label: string;
  url: string;
}

interface PageProps {
  title: string;
  /** Null on the operator's list of companies. */
  company: Pick<CompanyInConsole, "id" | "name" | "held" | "alerts"> | null;
  session: Session;
  section?: Section;
  crumbs?: readonly Crumb[];
  lead?: Child;
  /** What stands to the right of the heading. */
  aside?: Child;
  notice?: Child;
  narrow?: boolean;
  children?: Child;
}

/** A whole page of the console. */
export function Page({
  title,
  company,
  session,
  section,
  crumbs = [],
  lead,
  aside,
  notice,
  narrow,
  children,
}: PageProps) {
  return (
    <Document title={company === null ? title : `${title} · ${company.name}`}>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <div class="frame">
        <Side company={company} session={session} section={section} />
        <main id="main" class={narrow ? "narrow" : undefined}>
          {crumbs.length > 0 && <Crumbs crumbs={crumbs} />}
          <div class="head">
            <div>
              <h1>{title}</h1>
              {lead && <p class="lead">{lead}</p>}
            </div>
            {aside && <div class="row">{aside}</div>}
          </div>
          {company !== null && section !== "holds" && <HeldBanner companyId={company.id} held={company.held} />}
          {notice}
          {children}
        </main>
      </div>
    </Document>
  );
}

/** The page around everything. */
function Document({ title, children }: { title: string; children?: Child }) {
  return (
    <>
      {html`<!doctype html>`}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{`${title} · Rollcall`}</title>
          <link rel="icon" type="image/svg+xml" href={assetUrl("icon.svg")} />
          <link rel="stylesheet" href={assetUrl("style.css")} />
          <script src={assetUrl("script.js")} defer></script>
        </head>
        <body>
          {children}
          <div id="spoken" class="hidden" role="status"></div>
        </body>
      </html>
    </>
  );
}

/** A page that stands alone: without company and navigation. */
export function LonePage({ title, children }: { title: string; children?: Child }) {
  return (
    <Document title={title}>
      <div class="alone">
        <main class="stack">
          <span class="brand">
            <Wordmark />
          </span>
          {children}
        </main>
      </div>
    </Document>
  );
}

function Crumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav class="crumbs" aria-label="Where you are">
      <ol>
        {crumbs.map(({ label, url }) => (
          <li>
            <a href={url}>{label}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** The cover beside the sheet; on a narrow screen a bar, whose menu opens without script too. */
function Side({ company, session, section }: Pick<PageProps, "company" | "session" | "section">) {
  const home = company === null ? href("companies", {}) : href("company", { companyId: company.id });
  return (
    <header class="side">
      <div class="side-in">
        <div class="bar">
          <a class="brand" href={home}>
            <Wordmark />
          </a>
          {company !== null && (
            <a class="find-link" href={href("find", { companyId: company.id })} aria-label="Find anything">
              <Icon name="find" />
            </a>
          )}
          <button type="button" class="menu" popovertarget="menu">
            <Icon name="menu" size={16} />
            Menu
          </button>
        </div>
        <div id="menu" class="drawer" popover="auto">
          <button type="button" class="menu close" popovertarget="menu" popovertargetaction="hide">
            Close
          </button>
          {company !== null && (
            <p class="whose">
              <strong>{company.name}</strong>
              {session.role === "operator" ? <a href={href("companies", {})}>All companies</a> : "Company settings"}
            </p>
          )}
          {company !== null && <FindField companyId={company.id} />}
          {company !== null && <Navigation companyId={company.id} alerts={company.alerts} section={section} />}
          <Foot company={company} />
        </div>
      </div>
    </header>
  );
}

/** What is about whoever sits there, and not about a company. */
function Foot({ company }: Pick<PageProps, "company">) {
  return (
    <form class="foot" method="post" action={href("signOut", {})}>
      <a href={company === null ? href("operatorSessions", {}) : href("sessions", { companyId: company.id })}>
        Sessions
      </a>
      {company !== null && <a href={`${href("find", { companyId: company.id })}#shortcuts`}>Shortcuts</a>}
      <button type="submit" class="link">
        Sign out
      </button>
    </form>
  );
}

/** One field to find anything in a company by; where script runs, "/" and Ctrl-K lead to it. */
function FindField({ companyId }: { companyId: string }) {
  return (
    <search class="find" aria-label="Find anything">
      <form method="get" action={href("find", { companyId })}>
        <label class="hidden" for="find">
          Find anything
        </label>
        <input id="find" name="q" type="search" placeholder="Find anything" maxlength={200} autocomplete="off" />
        <button type="submit" aria-label="Find">
          <Icon name="find" size={16} />
        </button>
      </form>
    </search>
  );
}
