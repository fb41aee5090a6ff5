import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { href } from "../../src/console/routes.ts";
import { IS_WHOLE } from "../generated-cases.ts";
import { callApi, type Server } from "./serve.ts";
import { openStage, signInAdmin, visit } from "./stage.ts";

interface Made {
  id: string;
  token: { secret: string };
}

let server: Server;
let companyId: string;

beforeAll(async () => {
  ({ server } = await openStage());
  companyId = (await callApi<{ id: string }>(server, "POST", "/companies", { name: "Litware" })).id;
});

/** A setting in shadow, and a browser of its company's admin. */
async function openShadow(name: string, hasScript: boolean) {
  const setting = await callApi<Made>(server, "POST", `/companies/${companyId}/scim-settings`, {
    ...{ name, provider: "okta", mode: "shadow" },
    groupSettings: { criteria: "none", targetGroupName: "Everyone" },
  });
  const { page, problems } = await visit({ cookies: await signInAdmin(companyId), hasScript });
  const ids = { companyId, settingId: setting.id };
  await page.goto(server.url + href("shadow", ids));
  const push = (userName: string) =>
    fetch(`${server.url}/scim/v2/Users`, {
      method: "POST",
      headers: { authorization: `Bearer ${setting.token.secret}`, "content-type": "application/scim+json" },
      body: JSON.stringify({ userName }),
    });
  return { page, problems, push };
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
    const { page, problems, push } = await openShadow("Watched", true);
    await page.getByText("Nobody has arrived yet").waitFor();
    expect((await push("ada@litware.example")).status).toBe(201);
    await newPeople(page, 1).waitFor();
    await goLive(page);
    await page.goto(server.url + href("people", { companyId }));
    await page.getByRole("link", { name: "ada@litware.example" }).waitFor();
    expect(problems).toEqual([]);
  });

  it.runIf(IS_WHOLE)("goes live without script", async () => {
    const { page, push } = await openShadow("Plain", false);
    expect((await push("ben@litware.example")).status).toBe(201);
    await page.getByRole("link", { name: "Refresh" }).click();
    await newPeople(page, 1).waitFor();
    await goLive(page);
  });
});
