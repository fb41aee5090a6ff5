import { expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { newSetting, operate } from "../scim-api/scim-client.ts";
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

it("shows the operator of which companies something wants somebody, and leads there", async () => {
  const cookie = await signInOperator();
  const well = await makeAdmin("Well off");
  const troubled = await makeAdmin("Troubled");
  const { settingId, tokenId } = await newSetting(troubled.company.id, {});
  const path = `/companies/${troubled.company.id}/scim-settings/${settingId}/tokens/${tokenId}`;
  expect((await operate("DELETE", path)).status).toBe(204);
  const list = await (await getPage("/console", cookie)).text();
  const rowOf = ({ company }: typeof well) =>
    new RegExp(`<tr>(?:(?!</tr>).)*/companies/${company.id}".*?</tr>`, "s").exec(list)?.[0] ?? "";
  expect(rowOf(well)).toContain("No alert");
  expect(rowOf(troubled)).toMatch(/companies\/[^"]*\/alerts"><span class="pill bad">1 alert</);
});
