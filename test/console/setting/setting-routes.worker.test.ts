import { describe, expect, it } from "vitest";
import { makeSetting, pushUser, scim, TOKEN, withoutBreaks } from "../made-setting.ts";
import { follow, getPage, makeAdmin, postForm } from "../sign-in-to.ts";

describe("a setting", () => {
  it("shows its activity as bars that lead to the requests of their hour, and says when there was none", async () => {
    const admin = await makeAdmin("Active");
    const { id, token, url } = await makeSetting(admin);
    expect(await (await getPage(url, admin.cookie)).text()).not.toContain("<rect");
    await pushUser(token, "ada@example.com");
    const page = await (await getPage(url, admin.cookie)).text();
    const bar = /<a href="([^"]+)" aria-label="\d\d:00: 1 accepted, 0 failed">/.exec(page)?.[1] ?? "";
    expect(bar).toContain(`setting=${id}&amp;within=range&amp;from=`);
    const log = await getPage(bar.replaceAll("&amp;", "&"), admin.cookie);
    expect(log.status).toBe(200);
    expect(withoutBreaks(await log.text())).toContain("ada@example.com");
  });

  it("rotates its token without a gap", async () => {
    const admin = await makeAdmin("Rotated");
    const { token, url } = await makeSetting(admin);
    const made = await postForm(`${url}/tokens`, { nonce: "d".repeat(64), until: "" }, admin.cookie);
    const second = TOKEN.exec(await (await follow(made, admin.cookie)).text())?.[1] ?? "";
    expect([(await scim(token)).status, (await scim(second)).status]).toEqual([200, 200]);
    const id = token.split("_")[1];
    await postForm(`${url}/tokens/${id}/revoke`, {}, admin.cookie);
    expect([(await scim(token)).status, (await scim(second)).status]).toEqual([401, 200]);
  });

  it("refuses a token whose last day is over, with the day kept", async () => {
    const admin = await makeAdmin("Expired");
    const { url } = await makeSetting(admin);
    const answer = await postForm(`${url}/tokens`, { nonce: "e".repeat(64), until: "2020-01-01" }, admin.cookie);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toMatch(/value="2020-01-01"[^>]*aria-invalid="true"/);
  });

  it("is paused, resumed and deleted with the choice made", async () => {
    const admin = await makeAdmin("Ended");
    const { token, url } = await makeSetting(admin);
    const id = await pushUser(token, "ada@example.com", "Research");
    await postForm(`${url}/pause`, {}, admin.cookie);
    expect((await scim(token)).status).toBe(403);
    await postForm(`${url}/resume`, {}, admin.cookie);
    expect((await scim(token)).status).toBe(200);
    expect((await postForm(`${url}/delete`, {}, admin.cookie)).status).toBe(422);
    expect((await postForm(`${url}/delete`, { users: "keep" }, admin.cookie)).status).toBe(303);
    expect((await scim(token)).status).toBe(401);
    for (const page of ["", "/tokens", "/shadow"]) {
      const told = await getPage(url + page, admin.cookie);
      expect([told.status, await told.text()]).toEqual([410, expect.stringContaining("Okta people was deleted")]);
    }
    const other = await makeAdmin("Another");
    const foreign = url.replace(admin.company.id, other.company.id);
    expect((await getPage(foreign, other.cookie)).status).toBe(404);
    expect((await getPage(`/console/companies/${admin.company.id}/people/${id}`, admin.cookie)).status).toBe(200);
  });
});

describe("a setting, in how it groups", () => {
  it("shows who would join and leave what before other group settings are applied", async () => {
    const admin = await makeAdmin("Regrouped");
    const { token, url } = await makeSetting(admin);
    await pushUser(token, "ada@example.com", "Research");
    await pushUser(token, "bob@example.com");
    const query = "criteria=field&field=department&group=Left+over&scope=ungrouped";
    const show = async (path: string) => withoutBreaks(await (await getPage(url + path, admin.cookie)).text());
    const waiting = await show(`/grouping/preview?${query}`);
    expect(waiting).toContain("Working out who joins and leaves");
    const figures = /data-figures="([^"]+)"/.exec(waiting)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const plain = /<noscript>.*?href="([^"]+)"/.exec(waiting)?.[1]?.replaceAll("&amp;", "&") ?? "";
    for (const path of [figures, plain]) {
      const preview = await show(path.slice(url.length));
      expect(preview).toContain("1 joining");
      expect(preview).toContain("0 leaving");
      expect(preview).toMatch(/bob@example\.com.*Left over/s);
    }
    expect(await show(figures.slice(url.length))).not.toContain("<html");
    const groups = `/console/companies/${admin.company.id}/groups`;
    expect(await (await getPage(groups, admin.cookie)).text()).not.toContain("Left over");
    const fields = { criteria: "field", field: "department", group: "Left over", scope: "ungrouped" };
    const applied = await postForm(`${url}/grouping`, fields, admin.cookie);
    expect(applied.headers.get("Location")).toBe(`${url}?done=regrouped`);
    expect(await (await getPage(groups, admin.cookie)).text()).toContain("Left over");
  });

  it("gives wrong group settings back with the error beside the field", async () => {
    const admin = await makeAdmin("Ungrouped");
    const { url } = await makeSetting(admin);
    const answer = await getPage(`${url}/grouping/preview?criteria=none&group=`, admin.cookie);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('id="criteria-error"');
  });

  it("keeps the field that it groups by mapped, and never groups by another unasked", async () => {
    const admin = await makeAdmin("Unmapped");
    const label = { newLabel: "Site", newType: "text" };
    await postForm(`/console/companies/${admin.company.id}/settings/new/field`, label, admin.cookie);
    const { url } = await makeSetting(admin, { field: "site", "path.site": "title" });
    const answers = [
      await getPage(`${url}/mapping/preview?path.site=`, admin.cookie),
      await postForm(`${url}/mapping`, { "path.site": "" }, admin.cookie),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain('id="path.site-error"');
    }
    const form = await getPage(`${url}/grouping?criteria=field&field=site&path.site=`, admin.cookie);
    expect(await form.text()).toContain('<option value="" selected="">Choose…</option>');
    const left = await getPage(`${url}/grouping/preview?criteria=field&field=`, admin.cookie);
    expect(left.status).toBe(422);
    expect(await left.text()).toContain('<option value="" selected="">Choose…</option>');
  });
});
