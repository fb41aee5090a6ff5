import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { IS_WHOLE } from "../generated-cases.ts";
import { LoopbackReceiver } from "../webhooks/loopback-receiver.ts";
import { expectNoViolations, layoutShift, WIDTHS } from "./browse.ts";
import { callApi, runSimulation, type Server } from "./serve.ts";
import { openStage, signInAdmin, visit } from "./stage.ts";

let server: Server;
let cookies: Awaited<ReturnType<typeof signInAdmin>>;
let companyId: string;

beforeAll(async () => {
  ({ server } = await openStage());
  companyId = (await callApi<{ id: string }>(server, "POST", "/companies", { name: "Northwind Traders" })).id;
  cookies = await signInAdmin(companyId);
});

/** Goes through the four steps by keyboard and pointer, and gives the token that is shown. */
async function makeSetting(page: Page, name: string, provider: string): Promise<string> {
  await page.goto(`${server.url}/console/companies/${companyId}/settings`);
  await page.getByRole("link", { name: "New", exact: false }).first().click();
  await page.getByLabel("Name of this setting").fill(name);
  await page.getByLabel(provider).check();
  await page.getByRole("button", { name: "Next: fields" }).click();
  await page.getByRole("button", { name: "Next: groups" }).click();
  await page.getByRole("radio", { name: /By a SCIM field/ }).check();
  await page.getByLabel("Group name").fill("All employees");
  await page.getByRole("button", { name: "Next: review" }).click();
  await page.getByRole("button", { name: "Save and connect" }).click();
  return (await page.locator("#secret-token").textContent()) ?? "";
}

function urlOfSetting(page: Page): Promise<string | null> {
  return page.getByRole("navigation", { name: "Where you are" }).getByRole("link").last().getAttribute("href");
}

let token = "";
let settingUrl = "";

describe("connecting Entra ID", () => {
  it("goes through the wizard, where a wrong step comes back and Back loses nothing", async () => {
    const { page, problems } = await visit({ cookies });
    await page.goto(`${server.url}/console/companies/${companyId}/settings/new`);
    await page.getByRole("button", { name: "Next: fields" }).click();
    expect(await page.locator("#name-error").textContent()).toContain("Give the setting a name");
    await page.getByLabel("Name of this setting").fill("Head office");
    await page.getByLabel("Microsoft Entra ID").check();
    await page.getByRole("button", { name: "Next: fields" }).click();
    await page.getByText("Add a custom field").click();
    await page.getByLabel("Name of the field").fill("Location");
    await page.getByRole("button", { name: "Add field" }).click();
    const path = page.locator("#path-location");
    await path.fill('addresses[type eq "work"');
    await page.locator("#path-location-sample.error").waitFor();
    await path.fill('addresses[type eq "work"].locality');
    await page.getByText("Example: London").waitFor();
    await page.getByRole("button", { name: "Next: groups" }).click();
    await page.getByRole("button", { name: "Next: review" }).click();
    expect(await page.locator("#criteria-error").isVisible()).toBe(true);
    await page.getByRole("radio", { name: /Synchronise groups/ }).check();
    await page.getByRole("button", { name: "Back" }).click();
    expect(await path.inputValue()).toBe('addresses[type eq "work"].locality');
    await page.goBack();
    await page.goForward();
    await page.getByRole("button", { name: "Next: groups" }).click();
    expect(await page.getByRole("radio", { name: /Synchronise groups/ }).isChecked()).toBe(true);
    expect(problems).toEqual([]);
  });

  it("makes one setting however often Save is pressed, and shows the token once", async () => {
    const { page, problems } = await visit({ cookies });
    await page.goto(`${server.url}/console/companies/${companyId}/settings/new`);
    await page.getByLabel("Name of this setting").fill("Head office");
    await page.getByLabel("Microsoft Entra ID").check();
    await page.getByRole("button", { name: "Next: fields" }).click();
    await page.getByRole("button", { name: "Next: groups" }).click();
    await page.getByRole("radio", { name: /By a SCIM field/ }).check();
    await page.getByLabel("Group name").fill("All employees");
    await page.getByRole("button", { name: "Next: review" }).click();
    await page.getByRole("radio", { name: /Secret token/ }).check();
    await page.getByRole("button", { name: "Save and connect" }).dblclick();
    token = (await page.locator("#secret-token").textContent()) ?? "";
    expect(token).toMatch(/^rcl_/);
    settingUrl = server.url + (await urlOfSetting(page));
    expect(await page.getByText(`${server.url}/scim/v2`).first().isVisible()).toBe(true);
    expect(await page.getByText("Waiting for the first request").isVisible()).toBe(true);
    const list = await callApi<{ items: unknown[] }>(server, "GET", `/companies/${companyId}/scim-settings`);
    expect(list.items).toHaveLength(1);
    await page.goto(settingUrl);
    expect(await page.content()).not.toContain(token);
    expect(problems).toEqual([]);
  });

  it("watches the live line move and the people arrive while the provider pushes", async () => {
    const { page, problems } = await visit({ cookies });
    await page.goto(`${settingUrl}/setup`);
    const options = ["--users", "25", "--groups", "3", "--keep", "--url", `${server.url}/scim/v2`, "--token", token];
    const simulation = runSimulation(["entra", ...options]);
    await page.getByText("Connection tested").waitFor();
    await page.getByText("First user received").waitFor();
    await page.getByText("First group received").waitFor();
    expect(await simulation).toContain("No difference");
    await page.goto(`${server.url}/console/companies/${companyId}/people`);
    expect(await page.locator("tbody tr").count()).toBe(25);
    expect(problems).toEqual([]);
  });
});

describe("a connected Entra ID", () => {
  it("finds out why a person is in a group, down to the request", async () => {
    const { page } = await visit({ cookies });
    await page.goto(`${server.url}/console/companies/${companyId}/people?status=active`);
    await page.locator("tbody th a").first().click();
    const reasons = page.getByRole("region", { name: "Target groups" });
    await reasons.getByText("Because: every user of SCIM setting").waitFor();
    await reasons.getByRole("link", { name: "The request" }).first().click();
    await page.getByRole("heading", { name: /^The provider/ }).waitFor();
    expect(await page.getByRole("region", { name: "What it changed" }).textContent()).toContain(
      "Joined “All employees”",
    );
  });

  it("finds out why a request failed", async () => {
    await fetch(`${server.url}/scim/v2/Users`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json" },
      body: JSON.stringify({ externalId: "e-77", name: { givenName: "Nameless" } }),
    });
    const { page } = await visit({ cookies });
    const failures = `/companies/${companyId}/scim-settings/${settingUrl.split("/").at(-1)}/log?outcome=failure`;
    const said = async () => JSON.stringify(await callApi(server, "GET", failures));
    await expect.poll(said, { interval: 100 }).toContain("missing_attribute");
    await page.goto(`${server.url}/console/companies/${companyId}/log?outcome=failure`);
    await page.getByText("a required attribute was missing").first().click();
    expect(await page.getByRole("region", { name: "What to do" }).textContent()).toMatch(/userName/);
    const body = await page.getByRole("region", { name: "Request body" }).textContent();
    // Refused, it is tied to nobody whom an erasure could find it by: its frame is kept, not what it says.
    expect(body).toContain('"givenName": "…"');
    expect(body).not.toContain("Nameless");
  });
});

describe("a connected setting", () => {
  it("changes the grouping after a preview that says exactly what will happen", async () => {
    const { page } = await visit({ cookies });
    await page.goto(`${settingUrl}/grouping`);
    await page.getByRole("radio", { name: /Synchronise groups/ }).check();
    await page.getByRole("button", { name: "Preview the change" }).click();
    const told = (await page.getByText(/^\d+ joining$/).textContent()) ?? "";
    expect(Number.parseInt(told, 10)).toBeGreaterThan(0);
    await page.getByRole("button", { name: /^Apply/ }).click();
    await page.getByText("The group settings were changed").waitFor();
    await page.goto(`${settingUrl}/grouping`);
    await page.getByRole("button", { name: "Preview the change" }).click();
    await page.getByText("0 joining", { exact: true }).waitFor();
    expect(await page.getByText("0 leaving", { exact: true }).isVisible()).toBe(true);
  });

  it("shows the preview's page at once, and says so when its figures cannot be had", async () => {
    const { page } = await visit({ cookies });
    let answer = () => {};
    const isAnswered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route("**/grouping/preview/figures*", async (route) => {
      await isAnswered;
      await route.continue();
    });
    await page.goto(`${settingUrl}/grouping/preview?criteria=none&group=Board`);
    await page.getByText("Working out who joins and leaves").waitFor();
    expect(await page.locator("[data-figures]").getAttribute("aria-busy")).toBe("true");
    await expectNoViolations(page, "preview, waiting");
    answer();
    await page.getByText(/^\d+ joining$/).waitFor();
    expect(await page.locator("[data-figures]").getAttribute("aria-busy")).toBeNull();
    expect(await page.locator("#spoken").textContent()).toMatch(/\d+ joining \d+ leaving/);
    expect(await layoutShift(page)).toBeLessThan(0.01);
    await page.route("**/grouping/preview/figures*", (route) => route.abort());
    await page.reload();
    await page.getByText("could not be worked out").waitFor();
    expect(await page.getByText("Working out who joins and leaves").isVisible()).toBe(false);
    await expectNoViolations(page, "preview, failed");
    await page.getByRole("link", { name: "Try again" }).click();
    await page.getByText(/^\d+ joining$/).waitFor();
  });

  it.runIf(IS_WHOLE)("rotates the token while requests go on, and none of them fails", async () => {
    const { page } = await visit({ cookies });
    let inUse = token;
    const statuses: number[] = [];
    let isOver = false;
    const stream = (async () => {
      while (!isOver)
        statuses.push(
          (await fetch(`${server.url}/scim/v2/Users?count=1`, { headers: { authorization: `Bearer ${inUse}` } }))
            .status,
        );
    })();
    const answersMore = async () => {
      const before = statuses.length;
      await expect.poll(() => statuses.length).toBeGreaterThan(before + 5);
    };
    await page.goto(`${settingUrl}/tokens`);
    await page.getByRole("button", { name: "Make token" }).click();
    const old = inUse;
    inUse = (await page.locator("#secret-token").textContent()) ?? "";
    await answersMore();
    await page.getByRole("link", { name: `Revoke the token ending in ${old.slice(-4)}` }).click();
    await page.getByRole("button", { name: "Revoke this token" }).click();
    await page.getByText("The token was revoked").waitFor();
    await answersMore();
    isOver = true;
    await stream;
    expect(statuses.length).toBeGreaterThan(10);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    const refused = await fetch(`${server.url}/scim/v2/Users`, { headers: { authorization: `Bearer ${old}` } });
    expect(refused.status).toBe(401);
  });
});

describe("a webhook", () => {
  it("is added, found failing on the first page, mended by what it says, and sends a change again", async () => {
    const receiver = new LoopbackReceiver();
    const address = await receiver.open();
    const { page, problems } = await visit({ cookies });
    await page.goto(`${server.url}/console/companies/${companyId}/settings`);
    await page.getByRole("link", { name: "Webhooks" }).click();
    await page.getByLabel("Address of the receiver").fill("http://10.0.0.1/");
    await page.getByRole("button", { name: "Add and make its secret" }).click();
    expect(await page.locator("#url-error").textContent()).toBe("Give an https URL.");
    expect(await page.getByLabel("Address of the receiver").inputValue()).toBe("http://10.0.0.1/");
    await page.getByLabel("Address of the receiver").fill(address);
    await page.getByLabel("Only some kinds").check();
    await page.getByLabel("group.created").check();
    await page.getByRole("button", { name: "Add and make its secret" }).dblclick();
    expect(await page.locator("#webhook-secret").textContent()).toMatch(/^whsec_/);
    const list = await callApi<{ items: { id: string }[] }>(server, "GET", `/companies/${companyId}/webhooks`);
    expect(list.items).toHaveLength(1);
    // A receiver that says it is gone for good stops its webhook at once.
    receiver.behave = () => ({ status: 410 });
    await callApi(server, "POST", `/companies/${companyId}/target-groups`, { name: "Told" });
    const path = `/companies/${companyId}/webhooks/${list.items[0]?.id}`;
    await expect
      .poll(async () => (await callApi<{ status: string }>(server, "GET", path)).status, { interval: 100 })
      .toBe("failing");
    await page.goto(`${server.url}/console/companies/${companyId}/settings`);
    await page.getByText("A webhook has stopped").waitFor();
    await expectNoViolations(page, "settings with a webhook that has stopped");
    await page.getByRole("link", { name: "What to do" }).click();
    expect(await page.getByRole("region", { name: "What to do" }).textContent()).toContain("gone for good");
    await expectNoViolations(page, "a webhook that has stopped");
    receiver.behave = () => ({ status: 204 });
    await page.getByRole("button", { name: "Try again now" }).click();
    // The change may arrive before the page that answers the click.
    await page.getByText("The webhook goes on from where it stopped.").waitFor();
    await expect.poll(() => receiver.taken.length).toBe(1);
    await page.reload();
    await page.getByRole("button", { name: /^Send again change \d+$/ }).click();
    await page.getByText("The change is being sent again.").waitFor();
    await expect.poll(() => receiver.taken.length).toBe(2);
    expect(new Set(receiver.taken).size).toBe(1);
    await page.getByRole("link", { name: "Delete this webhook…" }).click();
    await page.getByRole("button", { name: "Delete this webhook" }).click();
    await page.getByText("No webhooks yet").waitFor();
    expect(problems).toEqual([]);
    receiver.close();
  });
});

describe("without script", () => {
  it.runIf(IS_WHOLE)("the whole wizard works, and the live line by loading it again", async () => {
    const { page } = await visit({ cookies, hasScript: false, viewport: WIDTHS.phone });
    const token = await makeSetting(page, "Plain", "Okta");
    expect(token).toMatch(/^rcl_/);
    await fetch(`${server.url}/scim/v2/Users?count=1`, { headers: { authorization: `Bearer ${token}` } });
    await expect
      .poll(async () => {
        await page.getByRole("link", { name: "Look again" }).click();
        return page.getByText("Connection tested").isVisible();
      })
      .toBe(true);
    await page.goto(`${server.url}${await urlOfSetting(page)}/grouping/preview?criteria=none&group=Board`);
    expect(await page.getByText("Working out").isVisible()).toBe(false);
    await page.getByRole("link", { name: "Show who joins and leaves" }).click();
    await page.getByText("0 joining", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("The group settings were changed").waitFor();
  });
});
