import type { Browser, BrowserContext, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { href } from "../../src/console/routes.ts";
import { IS_WHOLE } from "../generated-cases.ts";
import { openPage, WIDTHS } from "./browse.ts";
import { callApi, type Server } from "./serve.ts";
import { openStage } from "./stage.ts";

interface Made {
  id: string;
  token: { secret: string };
}

let server: Server;
let browser: Browser;
let companyId: string;

beforeAll(async () => {
  ({ server, browser } = await openStage());
  companyId = (await callApi<{ id: string }>(server, "POST", "/companies", { name: "Litware" })).id;
});

/** A setting in shadow, and a browser of its company's admin. */
async function openShadow(name: string, options: Parameters<Browser["newContext"]>[0]) {
  const setting = await callApi<Made>(server, "POST", `/companies/${companyId}/scim-settings`, {
    ...{ name, provider: "okta", mode: "shadow" },
    groupSettings: { criteria: "none", targetGroupName: "Everyone" },
  });
  const context: BrowserContext = await browser.newContext({ viewport: WIDTHS.desktop, ...options });
  const { url } = await callApi<{ url: string }>(server, "POST", `/companies/${companyId}/console-links`, {});
  const { page, problems } = await openPage(context);
  await page.goto(url);
  await page.getByRole("button", { name: "Sign in" }).click();
  const ids = { companyId, settingId: setting.id };
  await page.goto(server.url + href("shadow", ids));
  const push = (userName: string) =>
    fetch(`${server.url}/scim/v2/Users`, {
      method: "POST",
      headers: { authorization: `Bearer ${setting.token.secret}`, "content-type": "application/scim+json" },
      body: JSON.stringify({ userName }),
    });
  return { context, page, problems, push };
}

function newPeople(page: Page, count: number) {
  return page.locator("dl.stats div").filter({ hasText: "New people" }).getByText(String(count), { exact: true });
}

async function goLive(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Go live…" }).click();
  await page.getByText("is new: added").waitFor();
  await page.getByRole("button", { name: "Go live" }).click();
  await page.getByText("The setting goes live").waitFor();
}

describe("a setting in shadow", () => {
  it("shows by itself what going live would do while people arrive, and goes live", async () => {
    const { context, page, problems, push } = await openShadow("Watched", {});
    await page.getByText("Nobody has arrived yet").waitFor();
    expect((await push("ada@litware.example")).status).toBe(201);
    await newPeople(page, 1).waitFor();
    await goLive(page);
    await page.goto(server.url + href("people", { companyId }));
    await page.getByRole("link", { name: "ada@litware.example" }).waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  it.runIf(IS_WHOLE)("goes live without script", async () => {
    const { context, page, push } = await openShadow("Plain", { javaScriptEnabled: false });
    expect((await push("ben@litware.example")).status).toBe(201);
    await page.getByRole("link", { name: "Refresh" }).click();
    await newPeople(page, 1).waitFor();
    await goLive(page);
    await context.close();
  });
});
