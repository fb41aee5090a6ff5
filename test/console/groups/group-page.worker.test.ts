import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { callApi, callScim, connect, pick, readText } from "../../providers/world.ts";
import { makeSetting, pushUser, withoutBreaks } from "../made-setting.ts";
import { getPage, makeAdmin, postForm, signInAdmin } from "../sign-in-to.ts";

/** A company with a target group Crew that has ada by hand and an auto-enrolment, and outlived its IdP group. */
async function makeOutlived() {
  const connection = await connect();
  const { companyId } = connection;
  const ada = readText(await callScim(connection, "POST", "/Users", { userName: "ada" }), "id");
  const group = readText(await callScim(connection, "POST", "/Groups", { displayName: "Crew" }), "id");
  const groups = `/companies/${companyId}/target-groups`;
  const crew = String(pick((await callApi("GET", groups)).body, "items.[name=Crew].id"));
  await callApi("PUT", `${groups}/${crew}/members/${ada}`);
  await callApi("PUT", `${groups}/${crew}/auto-enrolments`, [{ kind: "training", id: "basics", name: "Basics" }]);
  expect((await callScim(connection, "DELETE", `/Groups/${group}`)).status).toBe(204);
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(companyId)
    .first("company_key");
  const cookie = await signInAdmin(Number(key));
  return {
    ada,
    cookie,
    list: `/console/companies/${companyId}/groups`,
    page: `/console/companies/${companyId}/groups/${crew}`,
  };
}

describe("removing what held a target group whose IdP group is gone", () => {
  it.each([
    ["the manual member last", ["enrolment", "member"]],
    ["the auto-enrolment last", ["member", "enrolment"]],
  ])("leads back to its page, and to the list when it is gone with it: %s", async (_, order) => {
    const { ada, cookie, list, page } = await makeOutlived();
    const remove: Record<string, () => Promise<Response>> = {
      member: () => postForm(`${page}/members/${ada}/remove`, {}, cookie),
      enrolment: () => postForm(`${page}/auto-enrolments/remove`, { kind: "training", id: "basics" }, cookie),
    };
    const places: string[] = [];
    for (const what of order) {
      const answer = await remove[what]?.();
      expect(answer?.status).toBe(303);
      const place = answer?.headers.get("Location") ?? "";
      places.push(place.split("?")[0] ?? "");
      const shown = await getPage(place, cookie);
      expect(shown.status).toBe(200);
      expect((await shown.text()).includes("it is gone too")).toBe(places.length === 2);
    }
    expect(places).toEqual([page, list]);
  });
});

describe("the members of a target group", () => {
  it("are sorted by name, searched, and shown why without saying so in every row", async () => {
    const admin = await makeAdmin("Members");
    const { token } = await makeSetting(admin);
    const names = Array.from({ length: 53 }, (_, index) => `user${String(index).padStart(3, "0")}@example.com`);
    await Promise.all([...names].reverse().map((name) => pushUser(token, name, "Sales")));
    await pushUser(token, "user007@elsewhere.com", "Research");
    const groups = `/console/companies/${admin.company.id}/groups`;
    const list = await (await getPage(groups, admin.cookie)).text();
    const url = /href="([^"]+)">Sales</.exec(list)?.[1] ?? "";
    const show = async (at: string) => withoutBreaks(await (await getPage(at, admin.cookie)).text());
    const peopleIn = (html: string) => [...html.matchAll(/people\/[0-9a-f-]{36}">([^<]+)</g)].map(([, name]) => name);
    const linkIn = (html: string, rel: string) =>
      new RegExp(`href="([^"]+)" rel="${rel}"`).exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const first = await show(url);
    expect(peopleIn(first)).toEqual(names.slice(0, 50));
    expect(first).toContain("50 of 53");
    expect(first).toMatch(/aria-sort="ascending"[^>]*><a href="[^"]+sort=-name"/);
    expect(first.match(/department is “Sales”/gi)).toHaveLength(1);
    expect(first).toContain("All 50 shown are in it for one reason: department is “Sales”.");
    expect(first).not.toContain("Because:");
    const second = await show(linkIn(first, "next"));
    expect(peopleIn(second)).toEqual(names.slice(50));
    expect(peopleIn(await show(linkIn(second, "prev")))).toEqual(names.slice(0, 50));
    expect(peopleIn(await show(`${url}?sort=-name`))).toEqual([...names].reverse().slice(0, 50));
    expect(peopleIn(await show(`${url}?q=USER007`))).toEqual(["user007@example.com"]);
    expect(await show(`${url}?q=USER007`)).toContain(">Department is “Sales”</a>");
    expect(await show(`${url}?q=nobody`)).toContain("No member matches");
    // No column shows the order that a large group begins with.
    expect(first).not.toContain("came to the company");
    expect(await show(`${url}?sort=came`)).toContain("In the order in which they came to the company.");
  });
});
