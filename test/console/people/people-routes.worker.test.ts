import { describe, expect, it } from "vitest";
import { makeSetting, pushUser, withoutBreaks } from "../made-setting.ts";
import { getPage, makeAdmin } from "../sign-in-to.ts";

describe("people", () => {
  it("say why they are in a group, and by which request", async () => {
    const admin = await makeAdmin("Reasons");
    const { token } = await makeSetting(admin);
    const id = await pushUser(token, "ada@example.com", "Research");
    const page = await (await getPage(`/console/companies/${admin.company.id}/people/${id}`, admin.cookie)).text();
    expect(page).toContain("Because: department is “Research”.");
    const link = /href="(\/console\/companies\/[^"]+\/log\/[^"]+)"/.exec(page)?.[1] ?? "";
    const entry = await (await getPage(link, admin.cookie)).text();
    expect(entry).toContain("The provider created the user “ada@example.com”.");
    expect(entry).toContain("Joined “Research”");
  });

  it("like groups, trainings and requests are not to be searched or downloaded where there are none", async () => {
    const admin = await makeAdmin("Nobody yet");
    const read = async (path: string) =>
      (await getPage(`/console/companies/${admin.company.id}/${path}`, admin.cookie)).text();
    for (const list of ["people", "groups", "trainings", "log"]) {
      const empty = await read(list);
      expect(empty, list).not.toContain("Export CSV");
      expect(empty, list).not.toContain('class="filters"');
      expect(await read(`${list}?q=x`), list).toContain('class="filters"');
    }
    const { token } = await makeSetting(admin);
    await pushUser(token, "ada@example.com", "Research");
    for (const list of ["people", "groups"]) {
      const filled = await read(list);
      expect(filled, list).toContain("Export CSV");
      expect(filled, list).toContain('class="filters"');
    }
  });

  it("are searched, sorted and walked page by page, each once", async () => {
    const admin = await makeAdmin("Many");
    const { token } = await makeSetting(admin);
    const names = Array.from({ length: 53 }, (_, index) => `user${String(index).padStart(3, "0")}@example.com`);
    await Promise.all(names.map((name) => pushUser(token, name, "Sales")));
    const url = `/console/companies/${admin.company.id}/people`;
    const shown: string[] = [];
    for (let next: string | undefined = `${url}?sort=-name`; next !== undefined; ) {
      const page: string = withoutBreaks(await (await getPage(next, admin.cookie)).text());
      shown.push(...[...page.matchAll(/people\/[0-9a-f-]{36}">([^<]+)</g)].map((match) => match[1] ?? ""));
      next = /href="([^"]+)" rel="next"/.exec(page)?.[1]?.replaceAll("&amp;", "&");
    }
    expect(shown).toEqual([...names].reverse());
    const found = withoutBreaks(await (await getPage(`${url}?q=USER007`, admin.cookie)).text());
    expect([...found.matchAll(/user\d+@example\.com<\/a>/g)].map((match) => match[0])).toEqual([
      "user007@example.com</a>",
    ]);
    const csv = await (await getPage(`${url}.csv?q=user01`, admin.cookie)).text();
    expect(csv.trimEnd().split("\r\n")).toHaveLength(11);
  });
});
