import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { getPage, makeAdmin, postForm, signInAdmin, signInOperator } from "../sign-in-to.ts";

describe("the page of sessions", () => {
  it("lists a company's own: when, by which link, and which is this one; nobody else's", async () => {
    const { company, cookie } = await makeAdmin("Listed");
    await signInAdmin(company.key);
    await makeAdmin("Not listed");
    await signInOperator();
    const text = await (await getPage(`/console/companies/${company.id}/sessions`, cookie)).text();
    expect(text.match(/>link </g)).toHaveLength(2);
    expect(text.match(/This one/g)).toHaveLength(1);
    const { results } = await env.DB.prepare("SELECT secret_hash FROM console_links WHERE company_key = ?")
      .bind(company.key)
      .all<{ secret_hash: string }>();
    for (const { secret_hash: hash } of results) expect(text).toContain(`>${hash.slice(0, 8)}<`);
  });

  it("ends one, or all others after asking with their number", async () => {
    const { company, cookie } = await makeAdmin("Ended");
    const [one, two, three] = [
      await signInAdmin(company.key),
      await signInAdmin(company.key),
      await signInAdmin(company.key),
    ];
    const at = `/console/companies/${company.id}/sessions`;
    const isLive = async (of: string) => (await getPage(at, of)).status === 200;
    await postForm(`${at}/${idOf(one)}/end`, {}, cookie);
    expect([await isLive(one), await isLive(two), await isLive(three)]).toEqual([false, true, true]);
    expect(await (await getPage(`${at}/end`, cookie)).text()).toContain("2 browsers are");
    expect([await isLive(two), await isLive(three)]).toEqual([true, true]);
    await postForm(`${at}/end`, {}, cookie);
    expect([await isLive(two), await isLive(three), await isLive(cookie)]).toEqual([false, false, true]);
  });

  it("ends no session of another company or of the operator", async () => {
    const mine = await makeAdmin("Mine");
    const other = await makeAdmin("Other");
    const operator = await signInOperator();
    for (const cookie of [other.cookie, operator])
      expect(
        (await postForm(`/console/companies/${mine.company.id}/sessions/${idOf(cookie)}/end`, {}, mine.cookie)).status,
      ).toBe(404);
    await postForm(`/console/companies/${mine.company.id}/sessions/end`, {}, mine.cookie);
    expect((await getPage(`/console/companies/${other.company.id}/sessions`, other.cookie)).status).toBe(200);
    expect((await getPage("/console", operator)).status).toBe(200);
    for (const path of ["/console/sessions", "/console/sessions/end"])
      expect((await getPage(path, mine.cookie)).status).toBe(404);
    expect((await postForm(`/console/sessions/${idOf(operator)}/end`, {}, mine.cookie)).status).toBe(404);
    expect((await getPage("/console", operator)).status).toBe(200);
  });

  it("of a company without any says so of its admins, not to the operator who looks at it", async () => {
    const { company } = await makeAdmin("Looked at");
    await env.DB.prepare("DELETE FROM console_sessions WHERE company_key = ?").bind(company.key).run();
    const text = await (await getPage(`/console/companies/${company.id}/sessions`, await signInOperator())).text();
    expect(text).not.toContain("Nobody is signed in");
    expect(text).toContain("No admin of this company is signed in by a link.");
  });

  it("of the operator lists and ends the operator's", async () => {
    await env.DB.prepare("DELETE FROM console_sessions").run();
    const [first, second] = [await signInOperator(), await signInOperator()];
    const text = await (await getPage("/console/sessions", first)).text();
    expect(text.match(/>operator key </g)).toHaveLength(2);
    await postForm("/console/sessions/end", {}, first);
    expect((await getPage("/console", second)).headers.get("Location")).toContain("/console/sign-in");
    expect((await getPage("/console", first)).status).toBe(200);
  });
});

/** The id of the session that a cookie stands for. */
function idOf(cookie: string): string {
  return (cookie.split("=")[1] ?? "").split("_")[0] ?? "";
}
