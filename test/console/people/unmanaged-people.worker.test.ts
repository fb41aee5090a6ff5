import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { must } from "../../safety/populated-company.ts";
import { newSetting, operate } from "../../scim-api/scim-client.ts";
import { getPage, postForm, signInAdmin } from "../sign-in-to.ts";

/** A company with an admin; ada and bob were kept from a deleted setting, ada in two groups of it and enrolled by both. */
async function keep() {
  const company = must(await operate("POST", "/companies", { name: "Northwind" }), 201);
  const base = `/companies/${company.id}`;
  must(await operate("POST", `${base}/fields`, { key: "badge", label: "Badge", type: "number" }), 201);
  must(await operate("POST", `${base}/fields`, { key: "marital", label: "Marital status", type: "text" }), 201);
  must(await operate("POST", `${base}/fields`, { key: "remote", label: "Remote", type: "boolean" }), 201);
  const grouping = { criteria: "idp", targetGroupName: "All" };
  const client = await newSetting(company.id, { name: "Old Okta", groupSettings: grouping });
  const person = (name: string) => ({ userName: `${name}@example.com`, emails: [{ value: `${name}@example.com` }] });
  const { id: ada } = must(await client.send("POST", "/Users", person("ada")), 201);
  must(await client.send("POST", "/Users", person("bob")), 201);
  must(await client.send("POST", "/Groups", { displayName: "Crew", members: [{ value: ada }] }), 201);
  const { items } = must(await operate("GET", `${base}/target-groups`), 200);
  const groups = Object.fromEntries(items.map(({ id, name }: { id: string; name: string }) => [name, id]));
  for (const [name, id] of Object.entries(groups))
    must(
      await operate("PUT", `${base}/target-groups/${id}/auto-enrolments`, [{ kind: "training", id: name, name }]),
      200,
    );
  must(await operate("DELETE", `${base}/scim-settings/${client.settingId}?users=keep`), 204);
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(company.id)
    .first("company_key");
  const cookie = await signInAdmin(Number(key));
  const url = `/console/companies/${company.id}`;
  const show = async (path: string) => withoutBreaks(await (await getPage(url + path, cookie)).text());
  const post = (path: string, fields: Record<string, string> = {}) => postForm(url + path, fields, cookie);
  const find = async (id: string) => must(await operate("GET", `${base}/target-users/${id}`), 200);
  return { client, companyId: company.id, base, ada, groups, cookie, url, show, post, find };
}

const withoutBreaks = (html: string) => html.replaceAll("<wbr/>", "");
/** The values of a form's inputs, as a browser would send them when nobody touches anything. */
function valuesIn(page: string): Record<string, string> {
  const form = /<form class="card stack".*?<\/form>/s.exec(page)?.[0] ?? "";
  const attribute = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
  const values: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<input[^>]*>/g))
    if (attribute(tag, "type") !== "radio" || / checked/.test(tag))
      values[attribute(tag, "name") ?? ""] = attribute(tag, "value") ?? "";
  for (const [, tag = "", inner = ""] of form.matchAll(/(<select[^>]*>)(.*?)<\/select>/gs)) {
    const chosen = [...inner.matchAll(/<option[^>]*>/g)]
      .map(([option]) => option)
      .find((option) => / selected/.test(option));
    values[attribute(tag, "name") ?? ""] = attribute(chosen ?? "", "value") ?? "";
  }
  return values;
}

describe("the page of somebody without a connection", () => {
  it("says why, names the deleted setting without leading to it, and offers to edit and to remove", async () => {
    const { show, ada, client, groups, url } = await keep();
    const page = await show(`/people/${ada}`);
    expect(page).toContain("Without a connection: the SCIM setting “Old Okta” was deleted");
    expect(page).toContain("Old Okta (deleted)");
    expect(page).toContain("The setting was deleted");
    expect(page).not.toContain(`settings/${client.settingId}`);
    expect(page).toContain(`href="${url}/people/${ada}/edit"`);
    expect(page).toContain(`href="${url}/people/${ada}/remove"`);
    const group = await show(`/groups/${groups.Crew}`);
    expect(group).not.toContain(`settings/${client.settingId}`);
    for (const [, found = ""] of [...page.matchAll(/href="([^"]+)"/g), ...group.matchAll(/href="([^"]+)"/g)]) {
      const link = found.replaceAll("&amp;", "&");
      if (link.startsWith(url)) expect((await show(link.slice(url.length))).includes("Nothing here"), link).toBe(false);
    }
  });

  it("edits fields: only what was touched is changed, wrong values come back beside their field", async () => {
    const { show, post, ada, find, base } = await keep();
    const before = await find(ada);
    const values = valuesIn(await show(`/people/${ada}/edit`));
    expect(values).toMatchObject({ "field.email": "ada@example.com", "field.badge": "" });
    const slip = await post(`/people/${ada}/edit`, { ...values, "field.email": "annie" });
    expect([slip.status, await slip.text()]).toEqual([422, expect.stringContaining("Give an e-mail address, such as")]);
    const wrong = await post(`/people/${ada}/edit`, { ...values, "field.badge": "seven", "field.firstName": "Ada" });
    expect(wrong.status).toBe(422);
    const again = await wrong.text();
    expect(again).toMatch(/id="field\.badge"[^>]*value="seven"[^>]*aria-invalid="true"/);
    expect(again).toContain("Give a number, such as 12.5.");
    expect(valuesIn(again)).toMatchObject({ "field.firstName": "Ada", "was.firstName": "", "field.badge": "seven" });
    expect(await find(ada)).toEqual(before);
    // Somebody else changes another field, and the status, while the form is open.
    must(
      await operate("PATCH", `${base}/target-users/${ada}`, { fields: { department: "Sales" }, status: "inactive" }),
      200,
    );
    const fields = { "field.badge": " 12.5 ", "field.remote": "false", "field.marital": "single", "field.email": "" };
    const done = await post(`/people/${ada}/edit`, { ...values, ...fields });
    expect([done.status, done.headers.get("Location")]).toEqual([303, expect.stringContaining("done=person-changed")]);
    const person = await find(ada);
    expect(person).toMatchObject({
      status: "inactive",
      fields: { badge: 12.5, remote: false, marital: "single", email: null, department: "Sales", firstName: null },
    });
  });

  it("says in numbers what inactive means, makes the person so, and active again", async () => {
    const { show, post, ada, groups, base, find } = await keep();
    must(await operate("PUT", `${base}/target-groups/${groups.All}/members/${ada}`), 204);
    expect(await show(`/people/${ada}`)).toContain("Make inactive…");
    const asked = await show(`/people/${ada}/status`);
    expect(asked).toContain("ada@example.com leaves 1 target group and is withdrawn from 2 trainings and simulations.");
    expect(asked).toMatch(/<button class="danger" type="submit">\s*Make inactive/);
    expect((await find(ada)).status).toBe("active");
    expect((await post(`/people/${ada}/status`)).status).toBe(400);
    const done = await post(`/people/${ada}/status`, { status: "inactive" });
    expect([done.status, done.headers.get("Location")]).toEqual([303, expect.stringContaining("done=person-inactive")]);
    expect(await find(ada)).toMatchObject({ status: "inactive", groups: [{ name: "All" }] });
    expect(await show(`/people/${ada}`)).toMatch(/name="status" value="active".*<button type="submit">Make active/s);
    await post(`/people/${ada}/status`, { status: "active" });
    expect(await find(ada)).toMatchObject({ status: "active", groups: [{ name: "All" }] });
  });

  it("says in numbers what removed means, and removes", async () => {
    const { show, post, ada, base, client, companyId } = await keep();
    const twice = await newSetting(companyId, { groupSettings: { criteria: "none", targetGroupName: "All" } });
    const twin = { userName: "twin", emails: [{ value: "ada@example.com" }] };
    must(await twice.send("POST", "/Users", twin), 201);
    const asked = await show(`/people/${ada}/remove`);
    expect(asked).toContain("ada@example.com leaves 2 target groups and is withdrawn from 1 training or simulation.");
    expect(asked).toContain("1 training or simulation goes on through another user of the same person.");
    expect(asked).toMatch(/<button class="danger" type="submit">\s*Remove this person/);
    must(await operate("GET", `${base}/target-users/${ada}`), 200);
    const done = await post(`/people/${ada}/remove`);
    expect([done.status, done.headers.get("Location")]).toEqual([303, expect.stringContaining("done=person-removed")]);
    must(await operate("GET", `${base}/target-users/${ada}`), 404);
    for (const path of [`/people/${ada}/remove`, `/people/${ada}/edit`, `/people/${ada}/status`]) {
      expect(await show(path)).toContain("Nothing here");
      expect((await post(path)).status).toBe(404);
    }
    expect(client.settingId).not.toBe(twice.settingId);
  });

  it("is not there for people with a connection: nothing is asked or done", async () => {
    const { companyId, show, post, find } = await keep();
    const live = await newSetting(companyId, { name: "Entra", groupSettings: { criteria: "idp" } });
    const { id } = must(await live.send("POST", "/Users", { userName: "eve" }), 201);
    const before = await find(id);
    const page = await show(`/people/${id}`);
    expect(page).not.toMatch(/Without a connection|\/edit"|\/status"|\/remove"/);
    for (const path of [`/people/${id}/remove`, `/people/${id}/edit`, `/people/${id}/status`]) {
      expect(await show(path)).toContain("eve is kept up to date by the SCIM setting “Entra”");
      expect((await post(path, { status: "inactive" })).status).toBe(409);
    }
    expect(await find(id)).toEqual(before);
  });
});

describe("people without a connection", () => {
  it("are counted and found in the list, and told in its download", async () => {
    const { companyId, show } = await keep();
    expect(await show("/people")).toContain("2 people without a connection: the SCIM setting was deleted.");
    const live = await newSetting(companyId, { name: "Entra", groupSettings: { criteria: "idp" } });
    must(await live.send("POST", "/Users", { userName: "eve@example.com" }), 201);
    const all = await show("/people");
    expect(all).toContain(
      "1 person from one SCIM setting, 2 people without a connection: the SCIM setting was deleted.",
    );
    expect(all.match(/<span class="sub slim">Without a connection<\/span>/g)).toHaveLength(2);
    expect(all.match(/<span class="tag wide">Without a connection<\/span>/g)).toHaveLength(2);
    const names = (page: string) => [...page.matchAll(/>(\w+)@example\.com<\/a>/g)].map(([, name]) => name);
    expect(names(all)).toEqual(["ada", "bob", "eve"]);
    const kept = await show("/people?setting=none");
    expect(names(kept)).toEqual(["ada", "bob"]);
    expect(kept).toContain('<option value="none" selected="">Without a connection</option>');
    expect(names(await show("/people?setting=none&q=bob"))).toEqual(["bob"]);
    expect(names(await show(`/people?setting=${live.settingId}`))).toEqual(["eve"]);
    const csv = (await show("/people.csv?setting=none")).trimEnd().split("\r\n");
    expect(csv).toHaveLength(3);
    for (const line of csv.slice(1)) expect(line).toContain("Old Okta (deleted)");
  });

  it("are taken out of a group of any rule by hand, on its page", async () => {
    const { show, post, ada, groups, find } = await keep();
    const page = await show(`/groups/${groups.Crew}`);
    expect(page).toContain('aria-label="Take out ada@example.com"');
    const done = await post(`/groups/${groups.Crew}/members/${ada}/remove`);
    expect(done.headers.get("Location")).toContain("done=member-taken-out");
    expect((await find(ada)).groups.map(({ name }: { name: string }) => name)).toEqual(["All"]);
  });
});
