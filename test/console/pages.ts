import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { href } from "../../src/console/routes.ts";
import { IS_DEEP, inTurn } from "../generated-cases.ts";
import { ROOT } from "../tools/wrangler.ts";
import { LoopbackReceiver } from "../webhooks/loopback-receiver.ts";
import { expectNoViolations, layoutShift, WIDTHS } from "./browse.ts";
import { callApi, type Server } from "./serve.ts";
import { listShadowPages } from "./shadow-pages.ts";
import { openStage, signInOperator, visit } from "./stage.ts";

/** Where screenshots of every page go, to be looked at by eye; none are taken without it. */
const SHOTS = process.env.CONSOLE_SHOTS;
/** The picture of the README and that of `grouping.md`; renewed with README_SHOTS=1. */
const README_SHOTS = process.env.README_SHOTS === "1";
const PAGE_LIMIT = 100 * 1024;

interface Made {
  id: string;
  token: { secret: string };
}

const receiver = new LoopbackReceiver();
let server: Server;
let cookies: Awaited<ReturnType<typeof signInOperator>>;
let pages: Record<string, string>;

beforeAll(async () => {
  ({ server } = await openStage());
  const company = await callApi<{ id: string }>(server, "POST", "/companies", { name: "Northwind Traders" });
  const contoso = await callApi<{ id: string }>(server, "POST", "/companies", { name: "Contoso" });
  const path = `/companies/${company.id}`;
  const setting = await callApi<Made>(server, "POST", `${path}/scim-settings`, {
    name: "Head office",
    provider: "entra",
    groupSettings: { targetGroupName: "All employees", criteria: "field", field: "department" },
  });
  await callApi(server, "POST", `${path}/scim-settings`, {
    name: "Contractors",
    provider: "okta",
    groupSettings: { criteria: "idp" },
  });
  const hook = await callApi<{ id: string }>(server, "POST", `${path}/webhooks`, { url: await receiver.open() });
  // The console itself takes no POST there: a receiver that refuses everything.
  const refused = { url: `${server.url}/healthz`, types: ["user.created", "user.deleted"] };
  const troubled = await callApi<{ id: string }>(server, "POST", `${path}/webhooks`, refused);
  await fill(`${path}/scim-settings/${setting.id}`, setting.token.secret);
  const kept = await keepPerson(path);
  const at = `/companies/${company.id}/scim-settings/${setting.id}`;
  const oauth = await callApi<{ id: string }>(server, "POST", `${at}/clients`, { name: "Entra provisioning" });
  const issuer = "https://login.microsoftonline.com/7a0e0a51-0000-4000-8000-000000000001/v2.0";
  const terms = { subject: "5d2e6f10-0000-4000-8000-000000000002", audience: "9b1c7d3e-0000-4000-8000-000000000003" };
  await callApi(server, "POST", `${at}/trusts`, { issuer, ...terms });
  const made = { hook: hook.id, troubled: troubled.id, kept, client: oauth.id };
  pages = {
    ...(await listPages(company.id, setting.id, made)),
    ...(await listHoldPages(contoso.id)),
    ...(await listShadowPages(server)),
  };
  cookies = await signInOperator();
});

afterAll(() => receiver.close());

const PEOPLE = [
  ["Ada", "Lovelace", "Research"],
  ["Grace", "Hopper", "Engineering"],
  ["Alan", "Turing", "Research"],
  ["Katherine", "Johnson", "Flight Dynamics"],
  ["Edsger", "Dijkstra", "Engineering"],
  ["Barbara", "Liskov", "Engineering"],
  ["Donald", "Knuth", "Publications"],
  ["Radia", "Perlman", "Networks"],
  ["Tim", "Berners-Lee", "Networks"],
  ["Margaret", "Hamilton", "Flight Dynamics"],
  ["Dennis", "Ritchie", "Engineering"],
  ["Frances", "Allen", "Research"],
] as const;

/** People as an identity provider sends them, one who left, one who comes twice, and a question. */
async function fill(settingPath: string, token: string): Promise<void> {
  const send = (method: string, path: string, body?: unknown) =>
    fetch(`${server.url}/scim/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const create = ([givenName, familyName, department]: (typeof PEOPLE)[number]) => {
    const userName = `${givenName}.${familyName}@northwind.example`.toLowerCase();
    return send("POST", "/Users", {
      userName,
      name: { givenName, familyName },
      emails: [{ value: userName, type: "work", primary: true }],
      active: familyName !== "Ritchie",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department },
    });
  };
  for (const person of PEOPLE) await create(person);
  await create(PEOPLE[0]);
  await send("GET", '/Users?filter=userName+eq+"nobody@northwind.example"');
  await send("PATCH", "/Users/00000000-0000-7000-8000-000000000000", { Operations: [] });
  // Reads and refusals are written with the writer's next commit.
  const requests = PEOPLE.length + 3;
  const logged = () => callApi<{ items: unknown[] }>(server, "GET", `${settingPath}/log?limit=100`);
  await vi.waitFor(async () => expect((await logged()).items).toHaveLength(requests), {
    timeout: 60_000,
    interval: 100,
  });
}

/** Somebody whose setting was deleted, in the group of all employees and in one of their own; gives their id. */
async function keepPerson(path: string): Promise<string> {
  const fields = [
    { key: "badge", label: "Badge", type: "number" },
    { key: "remote", label: "Works remotely", type: "boolean" },
    { key: "since", label: "Employed since", type: "date" },
  ];
  for (const field of fields) await callApi(server, "POST", `${path}/fields`, field);
  const setting = await callApi<Made>(server, "POST", `${path}/scim-settings`, {
    name: "Acquired company",
    provider: "okta",
    groupSettings: { targetGroupName: "All employees", criteria: "field", field: "department" },
  });
  const response = await fetch(`${server.url}/scim/v2/Users`, {
    method: "POST",
    headers: { authorization: `Bearer ${setting.token.secret}`, "content-type": "application/scim+json" },
    body: JSON.stringify({
      userName: "annie.easley@acquired.example",
      name: { givenName: "Annie", familyName: "Easley" },
      emails: [{ value: "annie.easley@acquired.example", type: "work", primary: true }],
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "Propulsion" },
    }),
  });
  // A created user's answer carries its id.
  const { id } = (await response.json()) as { id: string };
  await callApi(server, "DELETE", `${path}/scim-settings/${setting.id}?users=keep`);
  return id;
}

async function listPages(
  companyId: string,
  settingId: string,
  made: { hook: string; troubled: string; kept: string; client: string },
): Promise<Record<string, string>> {
  const first = async (path: string) =>
    (await callApi<{ items: { id: string }[] }>(server, "GET", `/companies/${companyId}${path}`)).items[0]?.id ?? "";
  const userId = await first("/target-users");
  const groupId = await first("/target-groups");
  const requestId = await first(`/scim-settings/${settingId}/log?outcome=failure`);
  const at = { companyId, settingId };
  const alertId = await alertAdmin(companyId, settingId);
  const state = { id: "0192f1c2-7c1e-7a54-9d0e-2b6f5c1d8e11", name: "Okta", provider: "okta", criteria: "idp" };
  return {
    companies: href("companies", {}),
    home: href("company", at),
    settings: href("settings", at),
    setting: href("setting", at, { span: "month" }),
    setup: href("setup", at),
    dialect: href("dialect", at),
    tokens: href("tokens", at),
    "tokens-client-end": href("endClient", { ...at, clientId: made.client }),
    "setup-client": href("setup", at, { signIn: "client" }),
    "setup-federation": href("setup", at, { signIn: "federation" }),
    mapping: href("mapping", at),
    grouping: href("grouping", at),
    preview: href("groupingPreview", at, { criteria: "idp", group: "All employees", scope: "ungrouped" }),
    delete: href("deleteSetting", at),
    new: href("newSetting", at),
    "new-wrong": href("newSetting", at, { step: 1 }),
    "new-fields": href("newSetting", at, { ...state, step: 1 }),
    "new-groups": href("newSetting", at, { ...state, step: 2 }),
    "new-review": href("newSetting", at, { ...state, step: 3 }),
    sessions: href("sessions", at),
    "sessions-end": href("endSessions", at),
    "operator-sessions": href("operatorSessions", {}),
    alerts: href("alerts", at),
    "alerts-over": href("alerts", at, { status: "closed" }),
    alert: href("alert", { companyId, alertId }),
    channels: href("channels", at),
    people: href("people", at),
    "people-none": href("people", at, { q: "nobody" }),
    "people-kept": href("people", at, { setting: "none" }),
    person: href("person", { companyId, userId }),
    "person-kept": href("person", { companyId, userId: made.kept }),
    "person-edit": href("editPerson", { companyId, userId: made.kept }),
    "person-inactive": href("personStatus", { companyId, userId: made.kept }),
    "person-remove": href("removePerson", { companyId, userId: made.kept }),
    "person-add": href("addToGroup", { companyId, userId: made.kept }),
    "person-add-asked": href("addToGroup", { companyId, userId: made.kept }, { group: groupId }),
    groups: href("groups", at),
    group: href("group", { companyId, groupId }),
    "group-search": href("group", { companyId, groupId }, { q: "ada", sort: "-name" }),
    "group-take-out": href("removeMember", { companyId, groupId, userId: made.kept }, { back: "person" }),
    "group-terms": href("itemTerms", { companyId, groupId }, { kind: "training", id: "basics/2026" }),
    "group-choose": href("chooseItem", { companyId, groupId }),
    "group-choose-none": href("chooseItem", { companyId, groupId }, { q: "nothing" }),
    ...(await listTrainingPages(companyId, groupId)),
    webhooks: href("webhooks", at),
    webhook: href("webhook", { companyId, webhookId: made.hook }),
    "webhook-troubled": href("webhook", { companyId, webhookId: made.troubled }),
    "webhook-delete": href("deleteWebhook", { companyId, webhookId: made.hook }),
    log: href("log", at),
    "log-chosen": href("log", at, { q: "lovelace", outcome: "failure", method: "POST" }),
    "log-wrong": href("log", at, { within: "range", from: "2026-11-02T10:00", to: "2026-11-01T10:00" }),
    request: href("logEntry", { companyId, requestId }),
    missing: href("person", { companyId, userId: "nobody" }),
  };
}

/** The pages of what people are trained in: with a catalogue, of which a target group has one item, and without. */
async function listTrainingPages(companyId: string, groupId: string): Promise<Record<string, string>> {
  const path = `/companies/${companyId}`;
  const item = { kind: "training", id: "basics/2026", name: "Security basics" };
  await callApi(server, "PUT", `${path}/catalogue`, [item, { kind: "phishing", id: "invoice", name: "Late invoice" }]);
  await callApi(server, "PUT", `${path}/target-groups/${groupId}/auto-enrolments`, [item]);
  const empty = await callApi<{ id: string }>(server, "POST", "/companies", { name: "Beginners" });
  const { kind, id } = item;
  return {
    trainings: href("trainings", { companyId }),
    "trainings-search": href("trainings", { companyId }, { q: "invoice", kind: "phishing", sort: "name" }),
    "trainings-none": href("trainings", { companyId: empty.id }),
    training: href("training", { companyId }, { kind, id }),
    "training-withdrawn": href("training", { companyId }, { kind, id, show: "withdrawn" }),
    "training-not-enrolled": href("training", { companyId }, { kind, id, show: "none" }),
    "training-unused": href("training", { companyId }, { kind: "phishing", id: "invoice" }),
    find: href("find", { companyId }, { q: "a" }),
    "find-nothing": href("find", { companyId }, { q: "no such thing" }),
    "home-nobody": href("company", { companyId: empty.id }),
  };
}

/** A token that ends within days, and a chat that is told of it; gives the alert. */
async function alertAdmin(companyId: string, settingId: string): Promise<string> {
  const path = `/companies/${companyId}`;
  const expiresAt = new Date(Date.now() + 10 * 24 * 3_600_000).toISOString();
  await callApi(server, "POST", `${path}/scim-settings/${settingId}/tokens`, { expiresAt });
  await callApi(server, "PUT", `${path}/alert-channels`, [{ kind: "chat", to: "https://chat.example.com/hook" }]);
  const { items } = await callApi<{ items: { id: string; kind: string }[] }>(server, "GET", `${path}/alerts`);
  return items.find(({ kind }) => kind === "credential_ending")?.id ?? "";
}

/** The pages of a company in which the brake has stopped one who was deleted and one who was set inactive. */
async function listHoldPages(companyId: string): Promise<Record<string, string>> {
  const path = `/companies/${companyId}`;
  const setting = await callApi<Made>(server, "POST", `${path}/scim-settings`, {
    name: "Head office",
    provider: "okta",
    groupSettings: { targetGroupName: "Everyone", criteria: "none" },
    safeguards: { leavers: { people: 1, percent: 0 } },
  });
  const send = async (method: string, at: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${setting.token.secret}`, "content-type": "application/scim+json" };
    const init = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
    return fetch(`${server.url}/scim/v2${at}`, init);
  };
  const ids: string[] = [];
  for (const [first, last] of PEOPLE.slice(0, 5)) {
    const answer = await send("POST", "/Users", { userName: `${first}.${last}@contoso.example`.toLowerCase() });
    // A created user's answer carries its id.
    ids.push(((await answer.json()) as { id: string }).id);
  }
  const leave = { Operations: [{ op: "replace", path: "active", value: false }] };
  for (const id of ids.slice(0, 2)) await send("PATCH", `/Users/${id}`, leave);
  await send("DELETE", `/Users/${ids[2]}`);
  const { items } = await callApi<{ items: { id: string }[] }>(server, "GET", `${path}/holds`);
  const { items: groups } = await callApi<{ items: { id: string }[] }>(server, "GET", `${path}/target-groups`);
  const at = { companyId, settingId: setting.id, holdId: items[0]?.id ?? "", groupId: groups[0]?.id ?? "" };
  const version = { version: 2 };
  return {
    "home-held": href("company", at),
    holds: href("holds", at),
    "holds-closed": href("holds", at, { status: "closed" }),
    hold: href("hold", at),
    "hold-release": href("releaseHold", at, version),
    "hold-keep": href("keepHold", at, version),
    "hold-nobody-ticked": href("releaseHold", at, { ...version, of: "ticked" }),
    "hold-undo": href("undoHold", at),
    "hold-undo-one": href("undoHold", at, { of: "ticked", user: ids[0] }),
    "hold-erase": href("eraseHeld", { ...at, userId: ids[2] ?? "" }),
    "hold-person": href("person", { ...at, userId: ids[1] ?? "" }),
    "hold-group": href("group", at),
    "hold-pause": href("pauseSetting", at),
    "hold-delete": href("deleteSetting", at),
    "hold-regroup": href("groupingPreview", at, { criteria: "idp", group: "Everyone", scope: "ungrouped" }),
    safeguards: href("safeguards", at),
  };
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

/** What sticks out of the page, or is cut off by the card it is in; a fraction of a pixel is rounded up in one, down in the other. */
const STICKS_OUT = `[document.documentElement, ...document.querySelectorAll(".flush")]
  .filter((element) => element.scrollWidth > element.clientWidth + 1)
  .map((element) => (element.className || "the page") + ": " + element.scrollWidth + " of " + element.clientWidth)`;

/** Lets every moment in a table be as long ago, in words, as takes most room: how slow a test is changes nothing. */
const AGE = `for (const time of document.querySelectorAll("td time, th time"))
  if (/just now| ago$/.test(time.textContent)) time.textContent = "59 min ago"`;

/** What has other colours on a phone, or is there only; the others have theirs at any width. */
const ONLY_ON_PHONES = [".side", ".slim"];

/** Looks at how a page lies at a width. */
async function checkLayout(page: Page, name: string, width: keyof typeof WIDTHS): Promise<void> {
  const about = `${name}, ${width}`;
  await page.setViewportSize(WIDTHS[width]);
  expect(await page.evaluate(STICKS_OUT), about).toEqual([]);
  await shoot(page, `${about.replace(", ", "-")}-light`);
}

/** Loads a page at a width, and looks at what hangs on that. */
async function load(page: Page, name: string, path: string, width: keyof typeof WIDTHS): Promise<void> {
  const about = `${name}, ${width}`;
  await page.setViewportSize(WIDTHS[width]);
  const response = await page.goto(server.url + path);
  await page.locator("[data-figures][aria-busy]").waitFor({ state: "detached" });
  expect((await response?.body())?.length, about).toBeLessThan(PAGE_LIMIT);
  expect(await layoutShift(page), about).toBeLessThan(0.01);
  await page.evaluate(AGE);
}

/** The outer markup of those parts of a page that are there, which says with its scheme and width how they look. */
const textOf = (parts: readonly string[]) =>
  `${JSON.stringify(parts)}.map((part) => document.querySelector(part)?.outerHTML ?? "").join()`;

/** A page is loaded once, at the widths in turn, and axe put into it once: that costs more than all that it looks at then. */
async function checkPages(all: readonly [string, string][]): Promise<void> {
  const { page, problems } = await visit({ cookies });
  const seen = new Set<string>();
  for (const [place, [name, path]] of all.entries()) {
    await page.emulateMedia({ colorScheme: "light" });
    if (IS_DEEP || place % 2 === 0) await load(page, name, path, "phone");
    if (IS_DEEP || place % 2 === 1) await load(page, name, path, "desktop");
    await checkLayout(page, name, "phone");
    // The markup is that of a desktop: what is shown of it is another.
    await expectNoViolations(page, `${name}, phone, light`, "layout");
    const onPhones = await page.evaluate<string>(textOf(ONLY_ON_PHONES));
    if (!seen.has(onPhones)) await expectNoViolations(page, `${name}, phone, light`, "all", ONLY_ON_PHONES);
    seen.add(onPhones);
    await checkLayout(page, name, "desktop");
    await expectNoViolations(page, `${name}, desktop, light`);
    await page.emulateMedia({ colorScheme: "dark" });
    // What is on a page does not hang on the scheme, only its colours: one width shows them all.
    await expectNoViolations(page, `${name}, desktop, dark`, "colours");
    await shoot(page, `${name}-desktop-dark`);
    if (SHOTS === undefined) continue;
    await page.setViewportSize(WIDTHS.phone);
    await shoot(page, `${name}-phone-dark`);
  }
  expect(problems).toEqual([]);
}

describe("every page", () => {
  it("has no violation in light and dark, no script error, nothing that moves or sticks out, and is small", async () => {
    const all = SHOTS === undefined ? inTurn(Object.entries(pages), 0, 11) : Object.entries(pages);
    await checkPages(all);
  }, 240_000);

  it("would not pass with a field that has no label", async () => {
    const { page } = await visit({ cookies });
    await page.goto(server.url + pages.people);
    await page.evaluate("document.querySelector('label[for=q]').remove()");
    await page.evaluate("document.querySelector('#q').removeAttribute('placeholder')");
    await expect(expectNoViolations(page, "broken on purpose")).rejects.toThrow(/broken on purpose/);
  });
});

describe("finding anything", () => {
  it("begins with / or Ctrl-K from anywhere, but not while something is typed, and works without script", async () => {
    const { page, problems } = await visit({ cookies });
    await page.goto(server.url + pages.people);
    const isFocused = () => page.evaluate("document.activeElement.id === 'find'");
    await page.getByLabel("Search", { exact: true }).press("/");
    expect(await isFocused()).toBe(false);
    expect(await page.getByLabel("Search", { exact: true }).inputValue()).toBe("/");
    await page.keyboard.press("Control+k");
    expect(await isFocused()).toBe(true);
    await page.goto(server.url + pages.home);
    await page.keyboard.press("/");
    expect(await isFocused()).toBe(true);
    await page.keyboard.type("lovelace");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: /^ada\.lovelace/ }).click();
    await page.getByRole("heading", { level: 1, name: /Ada Lovelace|ada\.lovelace/ }).waitFor();
    expect(problems).toEqual([]);
    const { page: without } = await visit({ cookies, hasScript: false });
    await without.goto(server.url + pages.home);
    await without.locator("#find").fill("lovelace");
    await without.getByRole("button", { name: "Find", exact: true }).click();
    await without.getByRole("link", { name: /^ada\.lovelace/ }).waitFor();
  });
});

describe("the switch for single keys", () => {
  it("leaves / alone in this browser from then on, Ctrl-K goes on, and it can be switched on again", async () => {
    const { page, problems } = await visit({ cookies });
    const find = page.locator("#find");
    const isFocused = () => page.evaluate("document.activeElement.id === 'find'");
    await page.goto(server.url + pages.home);
    expect(await find.getAttribute("aria-keyshortcuts")).toBe("/ Control+K Meta+K");
    await page.getByRole("link", { name: "Shortcuts" }).click();
    await page.getByLabel("Single keys are on").focus();
    await page.keyboard.press("Space");
    expect(await page.locator("#spoken").textContent()).toBe("Single keys are off.");
    await page.goto(server.url + pages.home);
    expect(await find.getAttribute("aria-keyshortcuts")).toBe("Control+K Meta+K");
    await page.keyboard.press("/");
    expect(await isFocused()).toBe(false);
    await page.keyboard.press("Control+k");
    expect(await isFocused()).toBe(true);
    await page.getByRole("link", { name: "Shortcuts" }).click();
    expect(await page.getByLabel("Single keys are on").isChecked()).toBe(false);
    await page.getByLabel("Single keys are on").check();
    await page.keyboard.press("/");
    expect(await isFocused()).toBe(true);
    expect(problems).toEqual([]);
  });
});

describe("the menu of a narrow screen", () => {
  it("opens by keyboard without script, holds the whole navigation, and is closed by Escape and by its button", async () => {
    const { page } = await visit({ cookies, hasScript: false, viewport: WIDTHS.phone });
    await page.goto(server.url + pages.people);
    const people = page.getByRole("navigation", { name: "Company" }).getByRole("link", { name: "People" });
    expect(await people.isVisible()).toBe(false);
    await page.getByRole("button", { name: "Menu" }).press("Enter");
    expect(await people.getAttribute("aria-current")).toBe("page");
    expect(await page.getByRole("navigation", { name: "Company" }).getByRole("link").count()).toBe(9);
    await page.keyboard.press("Escape");
    expect(await people.isVisible()).toBe(false);
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("button", { name: "Close" }).click();
    expect(await people.isVisible()).toBe(false);
  });
});

describe("signing in", () => {
  it("keeps its cookie over http://localhost, as development has it, and lists and ends sessions", async () => {
    const { page, problems } = await visit({ viewport: WIDTHS.phone });
    await page.goto(`${server.url}${href("signIn", {})}`);
    await page.getByLabel("Operator key").fill(server.operatorKey);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Companies" }).waitFor();
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ name: "__Host-rollcall_session", secure: true, httpOnly: true, path: "/" });
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("link", { name: "Sessions" }).click();
    await page
      .getByRole("row", { name: /This one/ })
      .getByRole("button", { name: /^End/ })
      .click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(problems).toEqual([]);
  });

  it("by a link asks first, without a violation; signing out says how to come back", async () => {
    const { page, problems } = await visit({ viewport: WIDTHS.phone });
    const { id } = await callApi<{ id: string }>(server, "POST", "/companies", { name: "Asked First" });
    const { url } = await callApi<{ url: string }>(server, "POST", `/companies/${id}/console-links`, {});
    await page.goto(url);
    await page.getByRole("heading", { name: "Sign in to Asked First" }).waitFor();
    await expectNoViolations(page, "enter");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Menu" }).click();
    await expectNoViolations(page, "menu");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    await expectNoViolations(page, "signed out");
    expect(await page.context().cookies()).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe("the page that signs in", () => {
  it.each(["light", "dark"] as const)("has no violation in %s, empty or refused", async (colorScheme) => {
    const { page, problems } = await visit({ viewport: WIDTHS.phone, colorScheme });
    await page.goto(`${server.url}${href("signIn", {})}`);
    await expectNoViolations(page, "sign-in");
    await page.keyboard.type("not the key");
    await page.keyboard.press("Enter");
    await page.getByText("This is not the operator key.").waitFor();
    await expectNoViolations(page, "sign-in refused");
    await shoot(page, `sign-in-phone-${colorScheme}`);
    expect(problems).toEqual([]);
  });
});

if (README_SHOTS)
  describe("the pictures of the README", () => {
    it("are taken", async () => {
      const { page } = await visit({ cookies });
      await page.setViewportSize({ width: 1040, height: 720 });
      for (const [name, path] of [
        ["setting", pages.setting],
        ["groups", pages["new-groups"]],
      ]) {
        await page.goto(`${server.url}${path}`);
        await page.screenshot({ path: join(ROOT, `.github/console-${name}.png`) });
      }
    });
  });
