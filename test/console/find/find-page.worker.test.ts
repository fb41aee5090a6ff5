import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { BURST } from "../../../src/companies/share-of-database-time.ts";
import { type PopulatedCompany, populate } from "../../safety/populated-company.ts";
import { waitForLogAndWork } from "../../safety/wait-for-log-and-work.ts";
import { getPage, signInAdmin } from "../sign-in-to.ts";

let company: PopulatedCompany;
let other: PopulatedCompany;
let cookie = "";

async function find(q: string): Promise<string> {
  const answer = await getPage(`/console/companies/${company.companyId}/find?${new URLSearchParams({ q })}`, cookie);
  expect(answer.status, q).toBe(200);
  return answer.text();
}

/** What was found: `kind, name` of each. */
function found(html: string): string[] {
  return [...html.matchAll(/<section class="card flush" aria-labelledby="found-(\w+)">(.*?)<\/section>/gs)].flatMap(
    ([, kind, section = ""]) =>
      [...section.matchAll(/<th scope="row">\s*<a[^>]*>(.*?)<\/a>/gs)].map(
        ([, name = ""]) => `${kind}, ${name.replace(/<wbr\/?>/g, "")}`,
      ),
  );
}

beforeAll(async () => {
  [company, other] = [await populate("alpha"), await populate("bravo")];
  await waitForLogAndWork(company.client);
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(company.companyId)
    .first("company_key");
  cookie = await signInAdmin(Number(key));
});

describe("finding anything", () => {
  it("finds people, groups, settings and trainings by a part of a name, in any case", async () => {
    expect(found(await find("ALPHA"))).toEqual([
      "people, user-alpha-held@example.com",
      "people, user-alpha@example.com",
      "groups, Crew alpha",
      "groups, Everyone alpha",
      "groups, Manual alpha",
      "settings, Setting alpha",
      "trainings, Course alpha",
      "trainings, Choice alpha",
    ]);
    expect(found(await find("crew"))).toEqual(["groups, Crew alpha"]);
    expect(found(await find("Familyalpha-held"))).toEqual(["people, user-alpha-held@example.com"]);
    expect(await find("no such thing")).toContain("Nothing was found");
    expect(found(await find(""))).toEqual([]);
  });

  it("finds each by its id, a request too, and links to it", async () => {
    const ids = [company.userId, company.targetGroupId, company.settingId, company.requestId];
    const kinds = ["people", "groups", "settings", "log"];
    for (const [index, id] of ids.entries()) {
      const html = await find(id.toUpperCase());
      expect(found(html)).toHaveLength(1);
      expect(html).toContain(`/${kinds[index]}/${id}"`);
    }
  });

  it("finds nothing of another company, by name or id", async () => {
    for (const q of ["bravo", other.userId, other.targetGroupId, other.settingId, other.requestId])
      expect(await find(q), q).toContain("Nothing was found");
  });

  it("finds exact names and ids, and says so, where the company's share is used up", async () => {
    const share = env.SHARE.get(env.SHARE.idFromName(company.companyId));
    await share.charge(BURST + 60_000);
    const html = await find("user-alpha@example.com");
    expect(html).toContain("only exact names were looked up");
    expect(found(html)).toEqual(["people, user-alpha@example.com"]);
    expect(found(await find("alpha"))).toEqual([
      "settings, Setting alpha",
      "trainings, Course alpha",
      "trainings, Choice alpha",
    ]);
    expect(found(await find(company.userId))).toHaveLength(1);
    await share.charge(-BURST - 60_000);
  });
});
