import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { consoleApp } from "../../src/console/console.tsx";
import { IS_WHOLE, inTurn } from "../generated-cases.ts";
import { holdLeavers } from "./holds/held-company.ts";
import { getPage, ORIGIN, request, signInAdmin } from "./sign-in-to.ts";

const UNKNOWN = "0192f0aa-0000-7000-8000-000000000000";
const WAITING = "3 people wait for your decision";

const ROUTES = [
  ...new Map(
    consoleApp()
      .routes.filter(({ method, path }) => method !== "ALL" && path.includes(":companyId"))
      .map((route) => [`${route.method} ${route.path}`, route]),
  ).values(),
];

/** A page's words without its markup. */
const wordsOf = (html: string) => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

let companyId: string;
let holdId: string;
let cookie: string;

/** A request to a route of the company, where everything else that the path names is `idOf` it. */
function send(
  { method, path }: { method: string; path: string },
  more: { query?: string; body?: string; id?: string },
) {
  const at = path.replace(/:(\w+)/g, (_, name: string) => (name === "companyId" ? companyId : (more.id ?? UNKNOWN)));
  const headers = { Cookie: cookie, Origin: ORIGIN, "Content-Type": "application/x-www-form-urlencoded" };
  const body = method === "POST" ? { body: more.body ?? "" } : {};
  return request(`/console${at}${more.query ?? ""}`, { method, headers, ...body });
}

/** Asks all routes, and gives which of them answered with an error page, and which of these said nothing of the hold. */
async function askAll(more: Parameters<typeof send>[1]) {
  const refused: string[] = [];
  const silent: string[] = [];
  for (const route of inTurn(ROUTES, 0)) {
    const answer = await send(route, more);
    const name = `${answer.status} ${route.method} ${route.path}`;
    const text = await answer.text();
    if (answer.status < 400 || !text.includes("<html")) continue;
    refused.push(name);
    if (!wordsOf(text).includes(WAITING)) silent.push(name);
  }
  return { refused, silent };
}

beforeAll(async () => {
  const world = await holdLeavers("Refused", 5);
  companyId = world.home.slice(world.home.lastIndexOf("/") + 1);
  holdId = world.holdId;
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(companyId)
    .first("company_key");
  cookie = await signInAdmin(Number(key));
});

describe("the error pages of a company", () => {
  it("say what waits in a hold, as every page does, whatever is not there", async () => {
    const { refused, silent } = await askAll({});
    expect(refused.length).toBeGreaterThan(IS_WHOLE ? 50 : 15);
    expect(silent).toEqual([]);
  });

  it("say it of forms that cannot be read, of cursors that are none, and of decisions about nobody", async () => {
    const unreadable = await askAll({ body: "name=%00&typed=\u0000", id: UNKNOWN });
    const pointless = await askAll({ query: "?after=x&of=ticked&version=x", body: "of=ticked&version=3", id: holdId });
    expect([...unreadable.silent, ...pointless.silent]).toEqual([]);
    if (!IS_WHOLE) return;
    expect(pointless.refused).toContain("422 POST /companies/:companyId/holds/:holdId/keep");
    expect(pointless.refused).toContain("422 GET /companies/:companyId/holds/:holdId/undo");
  });

  it("say it of an address that the console has not, and lead back into the company", async () => {
    const page = await getPage(`/console/companies/${companyId}/nothing/of/that/kind`, cookie);
    expect(page.status).toBe(404);
    const html = await page.text();
    expect(wordsOf(html)).toContain(WAITING);
    expect(html).toContain(`/console/companies/${companyId}/settings`);
  });

  it("of another company say nothing of it", async () => {
    const page = await getPage(`/console/companies/${UNKNOWN}/people`, cookie);
    expect(page.status).toBe(404);
    expect(wordsOf(await page.text())).not.toContain("for your decision");
  });
});
