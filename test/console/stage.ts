import type { Browser, CDPSession, Page } from "playwright-core";
import { launchBrowser, PATIENCE, WIDTHS, watchProblems } from "./browse.ts";
import { callApi, type Server, startServer } from "./serve.ts";

/** The one server and browser that all browser tests of the console share. */
interface Stage {
  server: Server;
  browser: Browser;
}

/** A cookie as a browser keeps it. */
type Cookie = Awaited<ReturnType<ReturnType<Page["context"]>["cookies"]>>[number];

/** Who visits the console: signed in or not, by what screen, in which colours, and whether scripts run. */
interface Visitor {
  cookies?: readonly Cookie[];
  viewport?: { width: number; height: number };
  colorScheme?: "light" | "dark";
  hasScript?: boolean;
}

let stage: Promise<Stage> | null = null;
let place: Promise<{ page: Page; session: CDPSession }> | null = null;

/** The stage, set up by whoever asks first. */
export function openStage(): Promise<Stage> {
  stage ??= Promise.all([startServer(), launchBrowser()]).then(([server, browser]) => ({ server, browser }));
  return stage;
}

/** Takes the stage down again. */
export async function closeStage(): Promise<void> {
  const { server, browser } = await openStage();
  await browser.close();
  await server.stop();
}

/**
 * A page in a browser that knows of nothing but what the visitor brings, and what goes wrong in it. It is the same page for
 * each visitor, whom the next one ends: for another one the browser starts processes, which took longer than most visits.
 */
export async function visit(visitor: Visitor = {}): Promise<{ page: Page; problems: string[] }> {
  const { cookies = [], viewport = WIDTHS.desktop, colorScheme = "light", hasScript = true } = visitor;
  const { server, browser } = await openStage();
  place ??= openPlace(browser);
  const { page, session } = await place;
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.goto(`${server.url}/healthz`);
  await page.evaluate("localStorage.clear()");
  await page.context().clearCookies();
  await page.context().addCookies([...cookies]);
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
  await session.send("Emulation.setScriptExecutionDisabled", { value: !hasScript });
  return { page, problems: watchProblems(page) };
}

async function openPlace(browser: Browser): Promise<{ page: Page; session: CDPSession }> {
  // What moves is drawn sixty times a second.
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  return { page, session: await context.newCDPSession(page) };
}

/** A session of the operator, as a browser keeps it. */
export async function signInOperator(): Promise<Cookie[]> {
  const { server } = await openStage();
  return post(server, `${server.url}/console/sign-in`, { key: server.operatorKey });
}

/** A session of a company's admin, by the link that a platform sends them to, as a browser keeps it. */
export async function signInAdmin(companyId: string): Promise<Cookie[]> {
  const { server } = await openStage();
  const { url } = await callApi<{ url: string }>(server, "POST", `/companies/${companyId}/console-links`, {});
  return post(server, url, {});
}

async function post(server: Server, url: string, fields: Record<string, string>): Promise<Cookie[]> {
  const headers = { origin: new URL(server.url).origin };
  const answer = await fetch(url, { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" });
  const [, name = "", value = ""] = /^(\S+?)=([^;]+)/.exec(answer.headers.getSetCookie()[0] ?? "") ?? [];
  if (name === "") throw new Error(`${url} signed nobody in: ${answer.status}`);
  const { hostname: domain } = new URL(server.url);
  return [{ name, value, domain, path: "/", expires: -1, httpOnly: true, secure: true, sameSite: "Lax" }];
}
