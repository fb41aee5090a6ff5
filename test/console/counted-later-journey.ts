import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { href } from "../../src/console/routes.ts";
import { IS_WHOLE } from "../generated-cases.ts";
import { expectNoViolations, layoutShift } from "./browse.ts";
import { callApi, type Server } from "./serve.ts";
import { openStage, signInAdmin, visit } from "./stage.ts";

let server: Server;
let at: { companyId: string; groupId: string; settingId: string };

beforeAll(async () => {
  ({ server } = await openStage());
  const { id: companyId } = await callApi<{ id: string }>(server, "POST", "/companies", { name: "Counted" });
  const api = `/companies/${companyId}`;
  const { id: groupId } = await callApi<{ id: string }>(server, "POST", `${api}/target-groups`, { name: "Board" });
  const groupSettings = { criteria: "none", targetGroupName: "Everyone" };
  const setting = { name: "Head office", provider: "okta", groupSettings };
  const { id: settingId } = await callApi<{ id: string }>(server, "POST", `${api}/scim-settings`, setting);
  at = { companyId, groupId, settingId };
});

async function openAdmin(hasScript: boolean) {
  return visit({ cookies: await signInAdmin(at.companyId), hasScript });
}

async function askToEnrol(page: Page, name: string) {
  await page.goto(server.url + href("group", at));
  await page.getByText("Add a training or a phishing simulation").click();
  await page.getByLabel("Id in the platform").fill(name);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Continue…" }).click();
  await page.getByLabel("Due in days").fill("30");
}

async function stopEnrolling(page: Page, name: string) {
  await page.goto(server.url + href("removeAutoEnrolment", at, { kind: "training", id: name }));
}

describe("a page that asks before much is done", () => {
  it("is there at once, and has its button when it has counted", async () => {
    const { page, problems } = await openAdmin(true);
    let answer = () => {};
    const isAnswered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route("**/auto-enrolments/figures*", async (route) => {
      await isAnswered;
      await route.continue();
    });
    await askToEnrol(page, "basics");
    expect(await page.getByRole("button", { name: "Counting…" }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Count now" }).count()).toBe(0);
    await page.getByLabel("Due in days").press("Enter");
    await expectNoViolations(page, "enrolment, counting");
    answer();
    const enrol = page.getByRole("button", { name: "Enrol members" });
    await enrol.waitFor();
    expect(await page.locator("#spoken").textContent()).toContain("No training or simulation starts or ends.");
    expect(await page.getByLabel("Due in days").inputValue()).toBe("30");
    expect(await layoutShift(page)).toBeLessThan(0.01);
    await enrol.click();
    await page.getByText("Members are being enrolled.").waitFor();
    await stopEnrolling(page, "basics");
    await page.getByRole("button", { name: "Stop enrolling" }).waitFor();
    await page.goto(server.url + href("deleteSetting", at));
    await page.getByRole("button", { name: "Delete this setting" }).waitFor();
    expect(problems).toEqual([]);
  });

  it("says so when it cannot count, and then does nothing", async () => {
    const { page } = await openAdmin(true);
    await page.route("**/delete/figures", (route) => route.abort());
    await page.goto(server.url + href("deleteSetting", at));
    await page.getByText("could not be worked out").waitFor();
    expect(await page.locator("main button:visible").count()).toBe(0);
    await expectNoViolations(page, "deletion, not counted");
    await page.getByRole("link", { name: "Try again" }).click();
    await page.getByRole("button", { name: "Delete this setting" }).waitFor();
  });

  it.runIf(IS_WHOLE)("counts without script when it is asked to, and keeps what was typed", async () => {
    const { page } = await openAdmin(false);
    await askToEnrol(page, "plain");
    expect(await page.getByRole("button", { name: "Enrol members" }).count()).toBe(0);
    await page.getByRole("button", { name: "Count now" }).click();
    expect(await page.getByLabel("Due in days").inputValue()).toBe("30");
    await page.getByRole("button", { name: "Enrol members" }).click();
    await page.getByText("Members are being enrolled.").waitFor();
    await stopEnrolling(page, "plain");
    await page.getByRole("link", { name: "Count now" }).click();
    await page.getByRole("button", { name: "Stop enrolling" }).click();
    await page.getByText("Nobody is enrolled through this group in").waitFor();
  });
});
