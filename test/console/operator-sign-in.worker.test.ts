import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createConsoleLink } from "../../src/companies/console-link-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { sha256Hex } from "../../src/platform/random-and-hash.ts";
import { newId } from "../../src/platform/uuid.ts";
import { newSetting } from "../scim-api/scim-client.ts";
import { cookieOf, getPage, makeAdmin, OPERATOR_KEY, ORIGIN, postForm, request, signInOperator } from "./sign-in-to.ts";

describe("signing in as the operator", () => {
  it("takes the operator key and sets a sealed, HttpOnly, SameSite, Secure cookie for this host alone", async () => {
    const response = await postForm("/console/sign-in", { key: OPERATOR_KEY });
    expect(response.status).toBe(303);
    expect(response.headers.get("Location")).toBe("/console");
    const cookie = response.headers.get("Set-Cookie") ?? "";
    expect(cookie).toMatch(/^__Host-rollcall_session=[0-9a-f_]+;/);
    for (const part of ["HttpOnly", "SameSite=Lax", "Secure", "Path=/;", "Max-Age=43200"])
      expect(`${cookie};`).toContain(part);
    expect(cookie).not.toContain("Domain");
  });

  it("answers a wrong key with the form, the error beside its field, and no cookie", async () => {
    const response = await postForm("/console/sign-in", { key: "wrong" });
    expect(response.status).toBe(401);
    expect(response.headers.get("Set-Cookie")).toBeNull();
    const text = await response.text();
    expect(text).toMatch(/<input[^>]*id="key"[^>]*aria-invalid="true"[^>]*aria-describedby="key-hint key-error"/);
    expect(text).toContain("This is not the operator key.");
    expect(text).not.toContain('value="wrong"');
  });

  it("leads back to the page asked for, and to no other site", async () => {
    const asked = await request("/console/companies/x/people?q=a");
    expect(asked.headers.get("Location")).toBe("/console/sign-in?next=%2Fconsole%2Fcompanies%2Fx%2Fpeople%3Fq%3Da");
    // Most likely it is the company's admin, whose session is over.
    const page = await (await request(asked.headers.get("Location") ?? "")).text();
    expect(page).toMatch(/<h1>You are not signed in<\/h1>.*a new sign-in link.*<h2>The operator signs in here<\/h2>/s);
    const back = await postForm("/console/sign-in", { key: OPERATOR_KEY, next: "/console/companies/x/people?q=a" });
    expect(back.headers.get("Location")).toBe("/console/companies/x/people?q=a");
    const away = await postForm("/console/sign-in", { key: OPERATOR_KEY, next: "https://evil.example/" });
    expect(away.headers.get("Location")).toBe("/console");
  });

  it("is not upset by a way back that no header can carry", async () => {
    const answer = await postForm("/console/sign-in", { key: OPERATOR_KEY, next: "/console/\r\nX-Evil: 1" });
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, "/console"]);
  });

  it("sees all companies, and any company's pages", async () => {
    const { company } = await makeAdmin("Seen by the operator");
    const cookie = await signInOperator();
    expect((await getPage(`/console/companies/${company.id}/settings`, cookie)).status).toBe(200);
    expect(await (await getPage("/console", cookie)).text()).toContain("Seen by the operator");
  });

  it("ends with signing out", async () => {
    const response = await postForm("/console/sign-out", {}, await signInOperator());
    expect(response.status).toBe(303);
    expect(response.headers.get("Location")).toBe("/console/sign-in?left=yes");
    expect(response.headers.get("Set-Cookie")).toMatch(/^__Host-rollcall_session=;.*Max-Age=0/);
    expect(response.headers.get("Clear-Site-Data")).toBe('"cache", "storage"');
  });
});

describe("a one-time link", () => {
  it("is made by the management API and opens the company's console once", async () => {
    const { company } = await makeAdmin("Linked");
    const made = await request(`/api/v1/companies/${company.id}/console-links`, {
      method: "POST",
      headers: { Authorization: `Bearer ${OPERATOR_KEY}` },
    });
    expect(made.status).toBe(201);
    const { url } = await made.json<{ url: string }>();
    expect(url.startsWith(`${ORIGIN}/console/enter/`)).toBe(true);
    const path = url.slice(ORIGIN.length);
    const page = await request(path);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("<h1>Sign in to Linked</h1>");
    const first = await postForm(path, {});
    expect(first.headers.get("Location")).toBe(`/console/companies/${company.id}`);
    expect((await getPage(`/console/companies/${company.id}`, cookieOf(first))).status).toBe(200);
    for (const second of [await request(path), await postForm(path, {})]) {
      expect(second.status).toBe(410);
      expect(second.headers.get("Set-Cookie")).toBeNull();
    }
  });

  it("signs nobody in by being opened, looked ahead at, or sent from another site; and is not used up by that", async () => {
    const mine = await makeAdmin("Signed in already");
    const { company } = await makeAdmin("Elsewhere");
    const now = Date.now();
    const link = await createConsoleLink(openRegistry(env), company, { now, expiresAt: now + 60_000 });
    const path = `/console/enter/${link}`;
    const evil = "https://evil.example";
    const gets: Record<string, string>[] = [
      {},
      { Purpose: "prefetch" },
      { "Sec-Purpose": "prefetch" },
      { "Sec-Purpose": "prefetch;prerender" },
      { Origin: evil },
    ];
    const posts: Record<string, string>[] = [
      { Origin: evil },
      { Origin: "null" },
      { "Sec-Fetch-Site": "cross-site" },
      {},
    ];
    const looks: RequestInit[] = [
      { method: "HEAD" },
      ...gets.map((headers) => ({ headers })),
      ...posts.map((headers) => ({
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
        body: "",
      })),
    ];
    for (const { headers, ...init } of looks) {
      const answer = await request(path, { ...init, headers: { ...headers, Cookie: mine.cookie } });
      expect(answer.status).toBe(init.method === "POST" ? 403 : 200);
      expect(answer.headers.get("Set-Cookie")).toBeNull();
    }
    expect(await (await getPage(path, mine.cookie)).text()).toContain("signing in here ends that");
    expect((await getPage(`/console/companies/${mine.company.id}/settings`, mine.cookie)).status).toBe(200);
    for (const next of [path, `/console/%65nter/${link}`, `/console/companies/../enter/${link}`, "/console/sign-out"]) {
      const back = await postForm("/console/sign-in", { key: OPERATOR_KEY, next });
      expect(back.headers.get("Location"), next).toBe("/console");
    }
    expect((await postForm(path, {}, mine.cookie)).status).toBe(303);
    expect((await getPage(`/console/companies/${mine.company.id}/settings`, mine.cookie)).status).toBe(303);
  });

  it("lets in only one of two who come at once, and is kept only as a hash", async () => {
    const { company } = await makeAdmin("Raced");
    const now = Date.now();
    const secret = await createConsoleLink(openRegistry(env), company, { now, expiresAt: now + 60_000 });
    const kept = await env.DB.prepare("SELECT * FROM console_links WHERE company_key = ?").bind(company.key).all();
    expect(JSON.stringify(kept.results)).not.toContain(secret);
    const answers = await Promise.all(Array.from({ length: 5 }, () => postForm(`/console/enter/${secret}`, {})));
    const begun = env.DB.prepare("SELECT count(*) AS n FROM console_sessions WHERE entry = ?");
    const hash = await sha256Hex(secret);
    expect(await begun.bind(hash.slice(0, 16)).first("n")).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410, 410]);
  });

  it("is refused once its time is over", async () => {
    const { company } = await makeAdmin("Late");
    const now = Date.now();
    const late = await createConsoleLink(openRegistry(env), company, { now, expiresAt: now - 1 });
    const at = `/console/enter/${late}`;
    expect([(await request(at)).status, (await postForm(at, {})).status]).toEqual([410, 410]);
  });

  it("takes 1 to 1440 minutes", async () => {
    const { company } = await makeAdmin("Timed");
    const make = (body: unknown) =>
      request(`/api/v1/companies/${company.id}/console-links`, {
        method: "POST",
        headers: { Authorization: `Bearer ${OPERATOR_KEY}`, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
    expect((await make({ expiresInMinutes: 60 })).status).toBe(201);
    for (const minutes of [0, 1441, 1.5, "15"]) expect((await make({ expiresInMinutes: minutes })).status).toBe(400);
  });
});

describe("signing out as a company's admin", () => {
  it("leads to a page that says how to come back, not to the operator's form", async () => {
    const { cookie } = await makeAdmin("Leaving");
    const answer = await postForm("/console/sign-out", {}, cookie);
    expect(answer.headers.get("Location")).toBe("/console/signed-out");
    expect(answer.headers.get("Clear-Site-Data")).toBe('"cache", "storage"');
    const text = await (await request("/console/signed-out")).text();
    expect(text).toContain("You are signed out");
    expect(text).toContain("open SCIM Settings there");
    expect(text).not.toContain("Operator key");
    const again = await postForm("/console/sign-out", {}, cookie);
    expect(again.headers.get("Location")).toBe("/console/signed-out");
  });
});

describe("the admin of one company", () => {
  it("gets 404 for every page of another, as for one that does not exist", async () => {
    const mine = await makeAdmin("Mine");
    const other = await makeAdmin("Other");
    const paths = ["", "/settings", "/settings/new", "/people", "/people.csv", "/groups", "/log", "/log.csv"];
    for (const path of paths) {
      const foreign = await getPage(`/console/companies/${other.company.id}${path}`, mine.cookie);
      const unknown = await getPage(`/console/companies/${newId(Date.now())}${path}`, mine.cookie);
      expect([foreign.status, unknown.status], path).toEqual([404, 404]);
      expect(await foreign.text(), path).not.toContain("Other");
    }
    const posted = await postForm(`/console/companies/${other.company.id}/groups`, { name: "Mine now" }, mine.cookie);
    expect(posted.status).toBe(404);
  });

  it("is led from the list of companies to their own", async () => {
    const { company, cookie } = await makeAdmin("Only");
    const response = await getPage("/console", cookie);
    expect(response.headers.get("Location")).toBe(`/console/companies/${company.id}`);
  });
});

describe("a form from elsewhere", () => {
  it.each<Record<string, string>>([
    { Origin: "https://evil.example" },
    { Origin: "null" },
    { "Sec-Fetch-Site": "cross-site" },
    {},
  ])("sent with %j is refused and changes nothing", async (headers) => {
    const { company, cookie } = await makeAdmin("Forged");
    const response = await request(`/console/companies/${company.id}/groups`, {
      method: "POST",
      // What a page of another site can send without asking first.
      headers: { Cookie: cookie, "Content-Type": "application/x-www-form-urlencoded", ...headers },
      body: "name=Forged",
    });
    expect(response.status).toBe(403);
    expect(await (await getPage(`/console/companies/${company.id}/groups`, cookie)).text()).not.toContain("Forged</a>");
  });
});

describe("every answer", () => {
  it("carries a policy without inline script or style, and is kept by no cache", async () => {
    const { company, cookie } = await makeAdmin("Headed");
    for (const path of ["/console/sign-in", `/console/companies/${company.id}/people`]) {
      const response = await getPage(path, cookie);
      const policy = response.headers.get("Content-Security-Policy") ?? "";
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toContain("unsafe");
      expect(response.headers.get("Cache-Control")).toBe("no-store");
      const text = await response.text();
      expect(text).not.toMatch(/<script(?![^>]*src=)|\sstyle=|\son\w+=/);
    }
  });

  it("for a versioned asset may be kept for ever", async () => {
    const page = await (await request("/console/sign-in")).text();
    const asset = /href="(\/console\/assets\/style\.css\?v=\w+)"/.exec(page)?.[1] ?? "";
    const response = await request(asset);
    expect(response.headers.get("Content-Type")).toContain("text/css");
    expect(response.headers.get("Cache-Control")).toContain("immutable");
    expect((await request("/console/assets/nothing.js")).status).toBe(404);
  });
});

describe("a request that changes something", () => {
  it("is refused when another site had it sent, whatever it says it carries", async () => {
    const { company, cookie } = await makeAdmin("Forged");
    const { settingId } = await newSettingOf(company.id);
    const pause = (headers: Record<string, string>) =>
      request(`/console/companies/${company.id}/settings/${settingId}/pause`, {
        method: "POST",
        headers: { Cookie: cookie, ...headers },
      });
    const evil = "https://evil.example";
    for (const headers of [
      { Origin: evil, "Content-Type": "application/x-www-form-urlencoded" },
      { Origin: evil, "Content-Type": "application/json" },
      { Origin: evil, "Content-Type": "image/png" },
      { Origin: "null" },
      { "Sec-Fetch-Site": "same-site" },
      { "Sec-Fetch-Site": "cross-site", "Content-Type": ";x" },
      {} as Record<string, string>,
    ])
      expect((await pause(headers)).status, JSON.stringify(headers)).toBe(403);
    expect((await pause({ Origin: ORIGIN })).status).toBe(303);
  });
});

async function newSettingOf(companyId: string) {
  return newSetting(companyId, { name: "A", groupSettings: { criteria: "none", targetGroupName: "All" } });
}
