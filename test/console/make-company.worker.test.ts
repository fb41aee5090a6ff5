import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { newSetting, operate } from "../scim-api/scim-client.ts";
import { holdLeavers } from "./holds/held-company.ts";
import { getPage, makeAdmin, postForm, signInOperator } from "./sign-in-to.ts";

it("has the operator make a company, once however often the form is sent, and tells the feed as the API does", async () => {
  const cookie = await signInOperator();
  expect(await (await getPage("/console", cookie)).text()).toContain("Make the first above.");
  const form = { id: newId(Date.now()), name: " Northwind " };
  const send = (more = {}) => postForm("/console", { ...form, ...more }, cookie);
  const page = `/console/companies/${form.id}?done=company-made`;
  for (const answer of [await send(), await send(), await send({ name: "Another" })])
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, page]);
  expect(await (await getPage(page, cookie)).text()).toContain("The company was made.");
  const list = await (await getPage("/console", cookie)).text();
  expect(list.indexOf("Make a company")).toBeGreaterThan(0);
  expect(list.indexOf("<caption>Companies")).toBeGreaterThan(list.indexOf("Make a company"));
  expect((await operate("GET", `/companies/${form.id}`)).json).toMatchObject({ name: "Northwind" });
  const { items } = (await operate("GET", `/companies/${form.id}/changes`)).json;
  expect(items).toMatchObject([{ type: "company.created", data: { name: "Northwind", externalId: null } }]);
  const wrong = await send({ name: " " });
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('id="name-error"')]);
  await operate("DELETE", `/companies/${form.id}`);
  expect((await send()).status).toBe(409);
});

it("lets no company's admin make one", async () => {
  const { cookie } = await makeAdmin("Curious");
  const form = { id: newId(Date.now()), name: "Mine" };
  expect((await postForm("/console", form, cookie)).status).toBe(404);
  expect((await operate("GET", `/companies/${form.id}`)).status).toBe(404);
});

it("shows the operator of which companies something wants somebody, and what", async () => {
  const cookie = await signInOperator();
  const well = await makeAdmin("Well off");
  const troubled = await makeAdmin("Troubled");
  const { settingId, tokenId } = await newSetting(troubled.company.id, {});
  const path = `/companies/${troubled.company.id}/scim-settings/${settingId}/tokens/${tokenId}`;
  expect((await operate("DELETE", path)).status).toBe(204);
  const resting = await makeAdmin("Resting");
  const paused = `/companies/${resting.company.id}/scim-settings/${(await newSetting(resting.company.id, {})).settingId}/pause`;
  expect((await operate("POST", paused)).status).toBe(200);
  // As one by federation is, until the trust is made.
  const beginning = await makeAdmin("Beginning");
  const { settingId: bare } = await newSetting(beginning.company.id, {});
  await env.DB.prepare("DELETE FROM tokens WHERE setting_key = (SELECT setting_key FROM scim_settings WHERE id = ?)")
    .bind(bare)
    .run();
  const held = await holdLeavers("Asked", 5);
  const asked = { company: { id: held.home.split("/").at(-1) ?? "" } };
  const list = await (await getPage("/console", cookie)).text();
  const rowOf = ({ company }: { company: { id: string } }) =>
    new RegExp(`<tr>(?:(?!</tr>).)*/companies/${company.id}".*?</tr>`, "s").exec(list)?.[0] ?? "";
  expect(rowOf(well)).toContain('<span class="pill good">Well</span>');
  expect(rowOf(troubled)).toMatch(/pill bad">Does not work<\/span><span class="sub">1 setting without a credential</);
  expect(rowOf(resting)).toMatch(/pill warn">Needs a look<\/span><span class="sub">1 setting paused</);
  expect(rowOf(beginning)).toContain('<span class="pill good">Well</span>');
  expect(rowOf(asked)).toMatch(/pill warn">Needs a look<\/span><span class="sub">3 people wait for a decision</);
});
