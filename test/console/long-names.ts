import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { href } from "../../src/console/routes.ts";
import { openPage } from "./browse.ts";
import { callApi, type Server } from "./serve.ts";
import { openStage } from "./stage.ts";

/** Where screenshots go, to be looked at by eye; none are taken without it. */
const SHOTS = process.env.CONSOLE_SHOTS;

/** Names that no line of a narrow page holds, without a space to break at, and such as read from right to left. */
const NAMES = {
  "100 letters": "Wolfeschlegelsteinhausenbergerdorff".repeat(3).slice(0, 100),
  "440 letters": "W".repeat(440),
  arabic: `${"عبدالرحمن".repeat(8)}-٢٠٢٦`,
  hebrew: "אברהם בן־דוד (מחלקת כספים)",
  chinese: "北京市朝阳区人力资源和社会保障部门".repeat(4),
  thai: "กรุงเทพมหานครอมรรัตนโกสินทร์".repeat(3),
  devanagari: "क्षत्रियाणाम्प्रतिनिधिः".repeat(4),
  emoji: "👩🏽‍🚒👨‍👩‍👧‍👦🏳️‍🌈".repeat(12),
};
/** A group's name has at most so many characters. */
const GROUP_NAME = 256;

let server: Server;
let browser: Browser;
let context: BrowserContext;
let pages: Record<string, string>;

beforeAll(async () => {
  ({ server, browser } = await openStage());
  const { id: companyId } = await callApi<{ id: string }>(server, "POST", "/companies", { name: "N".repeat(200) });
  const path = `/companies/${companyId}`;
  const setting = await callApi<{ id: string; token: { secret: string } }>(server, "POST", `${path}/scim-settings`, {
    name: NAMES["440 letters"].slice(0, 200),
    provider: "okta",
    groupSettings: {
      criteria: "field",
      field: "department",
      targetGroupName: NAMES["440 letters"].slice(0, GROUP_NAME),
    },
  });
  const headers = { authorization: `Bearer ${setting.token.secret}`, "content-type": "application/scim+json" };
  for (const name of Object.values(NAMES)) {
    const person = {
      userName: name,
      displayName: name,
      title: name,
      name: { givenName: name, familyName: name },
      emails: [{ value: `${name}@example.com` }],
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: name.slice(0, GROUP_NAME) },
    };
    const made = await fetch(`${server.url}/scim/v2/Users`, { method: "POST", headers, body: JSON.stringify(person) });
    expect(made.status).toBe(201);
  }
  const { items: people } = await callApi<{ items: { id: string }[] }>(server, "GET", `${path}/target-users`);
  const { items: groups } = await callApi<{ items: { id: string; name: string }[] }>(
    server,
    "GET",
    `${path}/target-groups`,
  );
  const { items: log } = await callApi<{ items: { id: string }[] }>(
    server,
    "GET",
    `${path}/scim-settings/${setting.id}/log?limit=100`,
  );
  const item = { kind: "training", id: NAMES["100 letters"], name: NAMES["100 letters"] };
  for (const { id } of groups) await callApi(server, "PUT", `${path}/target-groups/${id}/auto-enrolments`, [item]);
  const at = { companyId, settingId: setting.id };
  pages = {
    companies: href("companies", {}),
    settings: href("settings", at),
    setting: href("setting", at),
    rename: href("renameSetting", at),
    tokens: href("tokens", at),
    delete: href("deleteSetting", at),
    people: href("people", at),
    groups: href("groups", at),
    log: href("log", at),
    ...Object.fromEntries(
      [0, 1, 2, 7].map((n) => [`person-${n}`, href("person", { ...at, userId: people[n]?.id ?? "" })]),
    ),
    ...Object.fromEntries(groups.slice(0, 2).map(({ id }, n) => [`group-${n}`, href("group", { ...at, groupId: id })])),
    ...Object.fromEntries(
      log.slice(0, 2).map(({ id }, n) => [`entry-${n}`, href("logEntry", { ...at, requestId: id })]),
    ),
    item: href("removeAutoEnrolment", { ...at, groupId: groups[0]?.id ?? "" }, { kind: item.kind, id: item.id }),
  };
  context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.url}${href("signIn", {})}`);
  await page.getByLabel("Operator key").fill(server.operatorKey);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Companies" }).waitFor();
  await page.close();
});

/** What is wider than the page, or cut off by its card; of nested ones the innermost. */
const BURSTS = `[...document.querySelectorAll("main, main *, header *")].filter((element) => {
  const box = element.getBoundingClientRect();
  const hidden = getComputedStyle(element).position === "absolute" || element.closest("nav, .body, .plot, svg, option");
  const isOut = box.right > document.documentElement.clientWidth + 1 || box.left < -1;
  const isCut = element.matches(".flush") && element.scrollWidth > element.clientWidth;
  return !hidden && box.width > 0 && (isOut || isCut);
}).map((element) => element.tagName + "." + element.className + ": " + element.textContent.slice(0, 30)).slice(-3)`;

describe("names of every length and script", () => {
  it("burst no page at a width of 390 or of 1024", async () => {
    const { page, problems } = await openPage(context);
    const bursts: Record<string, unknown> = {};
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(server.url + path);
      for (const width of [390, 1024]) {
        await page.setViewportSize({ width, height: 800 });
        const found = await page.evaluate<string[]>(BURSTS);
        if (found.length > 0) bursts[`${name}, ${width}`] = found;
        if (SHOTS === undefined) continue;
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: join(SHOTS, `long-${name}-${width}.png`), fullPage: true });
      }
    }
    expect(bursts).toEqual({});
    expect(problems).toEqual([]);
    await page.close();
  });
});
