import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { href } from "../../src/console/routes.ts";
import { IS_WHOLE } from "../generated-cases.ts";
import { PATIENCE, WIDTHS, watchProblems } from "./browse.ts";
import { callApi, type Server } from "./serve.ts";
import { openStage, signInAdmin, visit } from "./stage.ts";

let server: Server;
let browser: Browser;
let companyId: string;
let token: string;
/** With a clock of its own, which a browser's context keeps. */
let page: Page;

beforeAll(async () => {
  ({ server, browser } = await openStage());
  companyId = (await callApi<{ id: string }>(server, "POST", "/companies", { name: "Tailspin" })).id;
  const setting = await callApi<{ token: { secret: string } }>(
    server,
    "POST",
    `/companies/${companyId}/scim-settings`,
    {
      ...{ name: "Directory", provider: "okta", groupSettings: { criteria: "none", targetGroupName: "Everyone" } },
    },
  );
  token = setting.token.secret;
  await push("ada@tailspin.example");
  const context = await browser.newContext({ timezoneId: "Asia/Kolkata", reducedMotion: "reduce" });
  await context.addCookies(await signInAdmin(companyId));
  page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.clock.install();
});

async function push(userName: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
  const answer = await fetch(`${server.url}/scim/v2/Users`, {
    method: "POST",
    headers,
    body: JSON.stringify({ userName }),
  });
  expect(answer.status).toBe(201);
}

/** Opens the log; gives what goes wrong in it. */
async function openLog(viewport: { width: number; height: number }): Promise<string[]> {
  await page.setViewportSize(viewport);
  const problems = watchProblems(page);
  await page.goto(server.url + href("log", { companyId }));
  return problems;
}

describe("the live tail of the log", () => {
  it("shows what came, and offers it to somebody who points at a row, has one in focus, or is further down", async () => {
    const problems = await openLog({ width: 1_440, height: 400 });
    const rows = page.locator("tbody tr");
    const before = await rows.count();
    await page.getByRole("button", { name: "Live" }).click();
    const next = async (name: string) => {
      await push(name);
      await expect
        .poll(async () => {
          await page.clock.fastForward(5_000);
          return page.locator("#spoken").textContent();
        })
        .toMatch(/^\d new$/);
      await page.evaluate(`document.getElementById("spoken").textContent = ""`);
    };
    await next("first@tailspin.example");
    expect(await rows.count()).toBe(before + 1);
    expect(await rows.first().textContent()).toContain("first@tailspin.example");
    expect(await page.evaluate(`document.activeElement.textContent`)).toContain("Live");
    const show = page.getByRole("button", { name: "Show 1 new" });
    for (const [read, leave] of [
      [() => rows.last().hover(), () => page.mouse.move(1, 1)],
      [() => rows.first().getByRole("link").first().focus(), () => page.getByRole("button", { name: "Live" }).focus()],
      [
        () => page.evaluate(`document.body.style.paddingBottom = "2000px"; scrollTo(0, 1500)`),
        () => page.evaluate(`scrollTo(0, 0)`),
      ],
    ] as const) {
      const there = await rows.count();
      await read();
      await next(`p${there}@tailspin.example`);
      expect(await show.isVisible()).toBe(true);
      expect(await rows.count()).toBe(there);
      await leave();
      await expect
        .poll(async () => {
          await page.clock.fastForward(5_000);
          return rows.count();
        })
        .toBe(there + 1);
      expect(await show.isVisible()).toBe(false);
    }
    expect(problems).toEqual([]);
  });

  it("does not move what is read, rests while it is not seen, and ends by itself", async () => {
    const problems = await openLog(WIDTHS.phone);
    let looks = 0;
    page.on("request", (request) => {
      if (request.url().includes("/log/new")) looks += 1;
    });
    const first = page.getByRole("link", { name: "Created the user “ada@tailspin.example”" });
    const placeOfFirst = async () => (await first.boundingBox())?.y;
    const live = page.getByRole("button", { name: "Live" });
    const still = await placeOfFirst();
    const there = await page.locator("tbody tr").count();
    await live.click();
    expect(await placeOfFirst()).toBe(still);
    await first.focus();
    const before = await placeOfFirst();
    expect(await live.getAttribute("aria-pressed")).toBe("true");
    await push("grace@tailspin.example");
    const show = page.getByRole("button", { name: "Show 1 new" });
    await expect
      .poll(async () => {
        await page.clock.fastForward(5_000);
        return show.isVisible();
      })
      .toBe(true);
    expect(await placeOfFirst()).toBe(before);
    expect(await page.locator("#spoken").textContent()).toBe("1 new");
    expect(await page.locator("tbody tr").count()).toBe(there);
    await show.click();
    expect(await page.locator(":focus").textContent()).toBe("Created the user “grace@tailspin.example”");
    expect(await page.locator("tbody tr").first().textContent()).toMatch(/GMT\+5:30.*UTC/s);
    await page.evaluate(`Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"))`);
    const seen = looks;
    await page.clock.fastForward(60_000);
    expect(looks).toBe(seen);
    await page.evaluate(`delete document.hidden; document.dispatchEvent(new Event("visibilitychange"))`);
    await expect.poll(() => looks).toBeGreaterThan(seen);
    await page.clock.fastForward(10 * 60_000);
    await expect.poll(() => live.getAttribute("aria-pressed")).toBe("false");
    await page.getByText("Stopped after 10 minutes.").first().waitFor();
    expect(problems).toEqual([]);
  });

  it.runIf(IS_WHOLE)("is a link, and the chips are menus of links, where no script runs", async () => {
    const { page } = await visit({ cookies: await signInAdmin(companyId), hasScript: false });
    await page.goto(server.url + href("log", { companyId }));
    expect(await page.getByRole("button", { name: "Live" }).isVisible()).toBe(false);
    await page.getByRole("link", { name: "Refresh" }).click();
    await page.locator("summary", { hasText: "Outcome" }).click();
    await page.getByRole("link", { name: "Failed" }).click();
    await page.getByText("No request matches").waitFor();
    await page.getByRole("link", { name: "Remove the filter Outcome: Failed" }).click();
    await page.getByRole("link", { name: "Created the user “ada@tailspin.example”" }).click();
    await page.getByRole("heading", { name: "As curl" }).waitFor();
  });
});
