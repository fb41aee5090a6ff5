import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { href } from "../../src/console/routes.ts";
import { inTurn } from "../generated-cases.ts";
import { callApi, type Server } from "./serve.ts";
import { openStage, signInOperator, visit } from "./stage.ts";

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
/** A name cut to a number of characters (UTF-16), but within none. */
function cut(name: string, most: number): string {
  let shown = "";
  for (const character of name) if (shown.length + character.length <= most) shown += character;
  return shown;
}

/** A group's name has at most so many characters. */
const GROUP_NAME = 256;

let server: Server;
let pages: Record<string, string>;

interface Made {
  id: string;
  token: { secret: string };
}

/** Sends a SCIM request of a setting; gives the id in the answer. */
async function send({ token }: Made, method: string, path: string, body: unknown): Promise<string> {
  const headers = { authorization: `Bearer ${token.secret}`, "content-type": "application/scim+json" };
  const answer = await fetch(`${server.url}/scim/v2${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  // What was made has an id; a change of it answers it too, or nothing.
  return answer.status === 204 ? "" : ((await answer.json()) as { id: string }).id;
}

/** Somebody all of whose names are one. */
function personOf(name: string) {
  return {
    userName: name,
    displayName: name,
    title: name,
    name: { givenName: name, familyName: name },
    emails: [{ value: `${name}@example.com` }],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: cut(name, GROUP_NAME) },
  };
}

const ITEM = { kind: "training", id: NAMES["100 letters"], name: NAMES["440 letters"].slice(0, 200) };
const OTHER = { kind: "phishing", id: NAMES.arabic, name: NAMES.arabic };

beforeAll(async () => {
  ({ server } = await openStage());
  const { id: companyId } = await callApi<{ id: string }>(server, "POST", "/companies", { name: "N".repeat(200) });
  const path = `/companies/${companyId}`;
  const make = (name: string, more: Record<string, unknown> = {}) =>
    callApi<Made>(server, "POST", `${path}/scim-settings`, {
      name: cut(name, 200),
      provider: "okta",
      groupSettings: {
        criteria: "field",
        field: "department",
        targetGroupName: NAMES["440 letters"].slice(0, GROUP_NAME),
      },
      ...more,
    });
  const setting = await make(NAMES["440 letters"]);
  for (const name of Object.values(NAMES)) await send(setting, "POST", "/Users", personOf(name));
  const list = async <Row>(of: string) => (await callApi<{ items: Row[] }>(server, "GET", `${path}/${of}`)).items;
  const people = await list<{ id: string }>("target-users");
  const groups = await list<{ id: string }>("target-groups");
  await callApi(server, "PUT", `${path}/catalogue`, [ITEM, OTHER]);
  for (const { id } of groups) await callApi(server, "PUT", `${path}/target-groups/${id}/auto-enrolments`, [ITEM]);
  const at = { companyId, settingId: setting.id, groupId: groups[0]?.id ?? "", userId: people[1]?.id ?? "" };
  await callApi(server, "PUT", `${path}/target-groups/${at.groupId}/members/${at.userId}`);
  const kept = await keepLongName(path, make);
  const held = await holdLongNames(path, make);
  const silent = await make(NAMES.thai, { mode: "shadow" });
  await send(silent, "POST", "/Users", personOf(`${NAMES.devanagari}-2`));
  const log = await list<{ id: string }>(`scim-settings/${setting.id}/log?limit=100`);
  pages = {
    ...pagesOf(at, kept),
    ...held,
    shadow: href("shadow", { companyId, settingId: silent.id }),
    "go-live": href("goLive", { companyId, settingId: silent.id }),
    ...Object.fromEntries(
      [0, 2, 7].map((n) => [`person-${n}`, href("person", { ...at, userId: people[n]?.id ?? "" })]),
    ),
    ...Object.fromEntries(groups.slice(1, 3).map(({ id }, n) => [`group-${n}`, href("group", { ...at, groupId: id })])),
    ...Object.fromEntries(
      log.slice(0, 2).map(({ id }, n) => [`entry-${n}`, href("logEntry", { ...at, requestId: id })]),
    ),
  };
});

type Make = (name: string, more?: Record<string, unknown>) => Promise<Made>;

/** Somebody of a deleted setting, whom the console may edit and remove; gives their id. */
async function keepLongName(path: string, make: Make): Promise<string> {
  const setting = await make(NAMES.hebrew);
  const id = await send(setting, "POST", "/Users", personOf(`${NAMES["100 letters"]}-kept`));
  await callApi(server, "DELETE", `${path}/scim-settings/${setting.id}?users=keep`);
  return id;
}

/** The pages of a hold over people of long names. */
async function holdLongNames(path: string, make: Make): Promise<Record<string, string>> {
  const setting = await make(NAMES.emoji, { safeguards: { leavers: { people: 1, percent: 0 } } });
  const ids: string[] = [];
  for (const name of [NAMES["440 letters"], NAMES.chinese, NAMES.arabic])
    ids.push(await send(setting, "POST", "/Users", personOf(`${cut(name, 400)}-held`)));
  const leave = { Operations: [{ op: "replace", path: "active", value: false }] };
  for (const id of ids.slice(0, 2)) await send(setting, "PATCH", `/Users/${id}`, leave);
  const { items } = await callApi<{ items: { id: string; version: number }[] }>(server, "GET", `${path}/holds`);
  const companyId = path.split("/").at(-1) ?? "";
  const at = { companyId, settingId: setting.id, holdId: items[0]?.id ?? "", userId: ids[1] ?? "" };
  return {
    holds: href("holds", at),
    hold: href("hold", at),
    release: href("releaseHold", at, { version: items[0]?.version }),
    keep: href("keepHold", at, { version: items[0]?.version }),
    undo: href("undoHold", at),
    "held-person": href("person", at),
    "held-setting": href("setting", at),
    pause: href("pauseSetting", at),
  };
}

interface Ids {
  companyId: string;
  settingId: string;
  groupId: string;
  userId: string;
}

/** The pages of a company, a setting, a target group with a training, a person, and somebody whom no setting manages. */
function pagesOf(at: Ids, keptId: string): Record<string, string> {
  const kept = { ...at, userId: keptId };
  const { kind, id } = ITEM;
  return {
    companies: href("companies", {}),
    home: href("company", at),
    find: href("find", at, { q: "w" }),
    settings: href("settings", at),
    setting: href("setting", at),
    rename: href("renameSetting", at),
    setup: href("setup", at),
    mapping: href("mapping", at),
    grouping: href("grouping", at),
    regroup: href("groupingPreview", at, { criteria: "idp", group: NAMES.thai, scope: "everyone", figures: "now" }),
    tokens: href("tokens", at),
    safeguards: href("safeguards", at),
    dialect: href("dialect", at),
    delete: href("deleteSetting", at),
    people: href("people", at),
    person: href("person", at),
    add: href("addToGroup", at),
    "add-asked": href("addToGroup", kept, { group: at.groupId }),
    "person-kept": href("person", kept),
    "person-edit": href("editPerson", kept),
    "person-inactive": href("personStatus", kept),
    "person-remove": href("removePerson", kept),
    groups: href("groups", at),
    group: href("group", at),
    "group-search": href("group", at, { q: "W" }),
    "take-out": href("removeMember", at),
    choose: href("chooseItem", at),
    terms: href("itemTerms", at, { kind, id }),
    item: href("removeAutoEnrolment", at, { kind, id }),
    movement: href("movement", at),
    trainings: href("trainings", at),
    training: href("training", at, { kind, id }),
    "training-none": href("training", at, { kind, id, show: "none" }),
    "training-arabic": href("training", at, { kind: OTHER.kind, id: OTHER.id }),
    log: href("log", at),
    alerts: href("alerts", at),
    channels: href("channels", at),
    webhooks: href("webhooks", at),
    sessions: href("sessions", at),
  };
}

/** What is wider than the page, or cut off by its card; of nested ones the innermost. */
const BURSTS = `[...document.querySelectorAll("main, main *, header *")].filter((element) => {
  const box = element.getBoundingClientRect();
  const hidden = getComputedStyle(element).position === "absolute" || element.closest("nav, .body, .plot, svg, option");
  const isOut = box.right > document.documentElement.clientWidth + 1 || box.left < -1;
  const isCut = element.matches(".flush") && element.scrollWidth > element.clientWidth;
  return !hidden && box.width > 0 && (isOut || isCut);
}).map((element) => element.tagName + "." + element.className + ": " + element.textContent.slice(0, 30)).slice(-3)`;

/** From the widest to the narrowest: a page is loaded once, and laid out anew for each. */
const WIDTHS = [1440, 1024, 390];

async function findBursts(all: readonly [string, string][]): Promise<Record<string, unknown>> {
  const { page, problems } = await visit({ cookies: await signInOperator() });
  const bursts: Record<string, unknown> = {};
  for (const [name, path] of all) {
    const answer = await page.goto(server.url + path);
    expect(answer?.status(), name).toBe(200);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const found = await page.evaluate<string[]>(BURSTS);
      if (found.length > 0) bursts[`${name} at ${width}`] = found;
      if (SHOTS === undefined) continue;
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `long-${name}-${width}.png`), fullPage: true });
    }
  }
  expect(problems).toEqual([]);
  return bursts;
}

describe("names of every length and script", () => {
  it("burst no page at any width", async () => {
    const all = SHOTS === undefined ? inTurn(Object.entries(pages), 3, 11) : Object.entries(pages);
    expect(await findBursts(all)).toEqual({});
  }, 180_000);
});
