import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { alertPath } from "../../../src/alerts/alert-words.ts";
import { href } from "../../../src/console/routes.ts";
import { sealConfirmation } from "../../../src/webhooks/alert-messages/confirmation-links.ts";
import { call } from "../../scim-api/scim-client.ts";
import { makeSetting, TOKEN } from "../made-setting.ts";
import { follow, getPage, makeAdmin, postForm, request } from "../sign-in-to.ts";

async function setUp(name: string) {
  const admin = await makeAdmin(name);
  const at = `/console/companies/${admin.company.id}`;
  const read = async (path: string) => (await getPage(path, admin.cookie)).text();
  const post = (path: string, fields: Record<string, string> = {}) => postForm(path, fields, admin.cookie);
  return { ...admin, at, read, post };
}

function clientOf(token: string) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
  return { send: (method: string, path: string, body: unknown) => call(method, `/scim/v2${path}`, body, headers) };
}

describe("an alert in the console", () => {
  it("is on the first page, on the bell of every page and at its setting, with the button that makes the next credential", async () => {
    const world = await setUp("Bell");
    const { at, read, post } = world;
    const setting = await makeSetting(world);
    expect(await read(`${at}/settings`)).not.toContain("Needs you");
    const tokens = await read(`${setting.url}/tokens`);
    const revoke = new RegExp(`href="(${setting.url}/tokens/[0-9a-f]+/revoke)"`).exec(tokens)?.[1] ?? "";
    await post(revoke);
    const first = await read(`${at}/settings`);
    expect(first).toContain("Needs you");
    expect(first).toContain("Okta people has no credential");
    expect(first).toContain('<span class="pill bad">No credential</span>');
    for (const page of [`${at}/people`, `${at}/log`, `${setting.url}`])
      expect(await read(page)).toMatch(/<span class="count">1<span class="hidden"> open<\/span><\/span>/);
    const page = await read(setting.url);
    expect(page).toContain("This setting has no credential");
    expect(page).not.toContain("Okta people has no credential");
    expect(page).not.toMatch(/since\s*<time[^>]*>just now/);
    expect(page).toContain(`href="${setting.url}/setup"`);
    const nonce = /name="nonce" value="([0-9a-f]{64})"/.exec(page)?.[1] ?? "";
    const made = await post(`${setting.url}/tokens`, { nonce });
    expect(await (await follow(made, world.cookie)).text()).toMatch(TOKEN);
    expect(await read(`${at}/settings`)).not.toContain("Needs you");
    expect(await read(`${at}/alerts?status=closed`)).toContain("Okta people has no credential");
    const begun = await read(setting.url);
    expect(begun).toContain("Nothing so far: no request has come yet.");
    expect(begun).not.toContain("every refused write");
  });

  it("of refused writes shows exactly the requests behind it; what is too little for one stands at the setting by code", async () => {
    const world = await setUp("Refused");
    const { at, read, post, company } = world;
    const setting = await makeSetting(world);
    const client = clientOf(setting.token);
    const good = Array.from({ length: 20 }, (_, n) => client.send("POST", "/Users", { userName: `p${n}@example.com` }));
    await Promise.all(good);
    const bad = await client.send("POST", "/Users", { userName: "zoe@example.com", active: "perhaps" });
    expect(bad.status).toBe(400);
    await expect.poll(() => read(setting.url), { timeout: 20_000, interval: 400 }).toContain("zoe@example.com");
    expect(await read(setting.url)).toContain("Values have a form that is not accepted");
    const again = [1, 2].map(() => client.send("POST", "/Users", { userName: "zoe@example.com", active: "perhaps" }));
    await Promise.all(again);
    await expect
      .poll(() => read(`${at}/alerts`), { timeout: 20_000, interval: 400 })
      .toContain("values have a form that is not accepted");
    const [, id = ""] = new RegExp(`${at}/alerts/([0-9a-f-]{36})"`).exec(await read(`${at}/alerts`)) ?? [];
    expect(href("alert", { companyId: company.id, alertId: id })).toBe(alertPath(company.id, id));
    const page = await read(`${at}/alerts/${id}`);
    expect(page.match(/href="[^"]*\/log\/[0-9a-f-]{36}"/g)).toHaveLength(3);
    const showing = { [setting.url]: "setting", [at]: "company", [`${at}/settings`]: "settings", [`${at}/alerts`]: "" };
    for (const [shown, name] of Object.entries(showing)) {
      const sent = /action="[^"]*\/dismiss">(?:<input type="hidden" name="from" value="(\w+)"\/>)?/.exec(
        await read(shown),
      );
      expect(sent?.[1] ?? "", shown).toBe(name);
    }
    for (const [shown, name] of Object.entries(showing)) {
      const answer = await post(`${at}/alerts/${id}/dismiss`, { from: name });
      expect(answer.headers.get("Location")).toBe(`${shown}?done=alert-dismissed`);
    }
    for (const from of ["alerts", "https://elsewhere.example", ""]) {
      const answer = await post(`${at}/alerts/${id}/dismiss`, { from });
      expect(answer.headers.get("Location")).toBe(`${at}/alerts?done=alert-dismissed`);
    }
    expect(await read(`${at}/alerts?done=alert-dismissed`)).toMatch(
      /class="notice" role="status" tabindex="-1" autofocus/,
    );
    expect(await read(`${at}/alerts?status=dismissed`)).toContain("values have a form that is not accepted");
    expect(await read(setting.url)).toContain("Nothing but what was dismissed.");
    expect((await client.send("POST", "/Users", { userName: "zoe@example.com", active: true })).status).toBe(201);
    expect(await read(`${at}/alerts?status=closed`)).toContain("values have a form that is not accepted");
    expect(await read(setting.url)).toContain("Nothing: every refused write was made good.");
  });

  it("under its threshold can be put aside", async () => {
    const world = await setUp("Aside");
    const { read, post } = world;
    const setting = await makeSetting(world);
    const client = clientOf(setting.token);
    await client.send("POST", "/Users", { active: true });
    await expect
      .poll(() => read(setting.url), { timeout: 20_000, interval: 400 })
      .toContain("A required attribute was missing");
    await post(`${setting.url}/dismiss-failing`, { code: "missing_attribute" });
    expect(await read(setting.url)).not.toContain("A required attribute was missing");
  });
});

describe("who is told", () => {
  it("is added, tested and removed; an e-mail address only where e-mail can be sent", async () => {
    const world = await setUp("Told");
    const { at, read, post } = world;
    const page = await read(`${at}/channels`);
    expect(page).toContain("Nobody is told yet");
    expect(page).toContain("E-mail is not set up here");
    const refused = await post(`${at}/channels`, { kind: "chat", to: "https://10.0.0.1/" });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain("This address is not on the public Internet.");
    expect((await post(`${at}/channels`, { kind: "email", to: "it@example.com" })).status).toBe(422);
    await post(`${at}/channels`, { kind: "chat", to: "https://chat.invalid.example/hook?secret" });
    const listed = await read(`${at}/channels`);
    expect(listed).toContain("chat.invalid");
    // The rest of a chat's address is its secret.
    expect(listed).not.toContain("hook?secret");
    const [, test = ""] = new RegExp(`action="(${at}/channels/[0-9a-f-]{36}/test)"`).exec(listed) ?? [];
    // One to which nothing is sent, whatever is stored.
    await env.DB.prepare("UPDATE message_channels SET address = 'https://hook.invalid/' WHERE company_key = ?")
      .bind(world.company.key)
      .run();
    const tested = await post(test);
    expect(tested.status).toBe(200);
    expect(await tested.text()).toContain("The test message did not reach hook.invalid");
    const asked = await read(test.replace(/test$/, "remove"));
    for (const words of [
      "Tell hook.invalid no more?",
      "No other address is told.",
      'class="danger" type="submit">Remove',
    ])
      expect(asked).toContain(words);
    await post(test.replace(/test$/, "remove"));
    expect(await read(`${at}/channels`)).toContain("Nobody is told yet");
  });

  it("confirms an address by a link that asks first, works once, and only while it is good", async () => {
    const { company, at, read, post } = await setUp("Confirm");
    const about = { companyId: company.id, channelId: "0192f0aa-0000-7000-8000-00000000000a", nonce: "0a1b" };
    await env.DB.prepare(
      `INSERT INTO message_channels (company_key, id, kind, address, origin, nonce, created_at)
       VALUES (?, ?, 'email', 'it@example.com', 'https://rollcall.test', ?, 1)`,
    )
      .bind(company.key, about.channelId, about.nonce)
      .run();
    const confirmedAt = () =>
      env.DB.prepare("SELECT confirmed_at FROM message_channels WHERE id = ?")
        .bind(about.channelId)
        .first("confirmed_at");
    /** The writer keeps its company until somebody changes it. */
    const readAnew = () => post(`${at}/planned-work`, { hours: "2", note: "" });
    await readAnew();
    const tested = await post(`${at}/channels/${about.channelId}/test`);
    expect(await tested.text()).toContain("This address is not confirmed yet");
    const again = await post(`${at}/channels/${about.channelId}/again`);
    expect(again.headers.get("Location")).toContain("done=channel-asked");
    const sooner = await post(`${at}/channels/${about.channelId}/again`);
    expect(sooner.status).toBe(422);
    expect(await sooner.text()).toContain("Wait ten minutes before you ask for another one.");
    await env.DB.prepare("UPDATE message_channels SET nonce = ? WHERE id = ?").bind(about.nonce, about.channelId).run();
    await readAnew();
    const over = await sealConfirmation(env, { ...about, expiresAt: Date.now() - 1 });
    expect((await request(`/console/confirm/${over}`)).status).toBe(410);
    const link = `/console/confirm/${await sealConfirmation(env, { ...about, expiresAt: Date.now() + 60_000 })}`;
    const asked = await request(link);
    expect(asked.status).toBe(200);
    expect(await asked.text()).toContain("it@example.com");
    expect(await confirmedAt()).toBeNull();
    expect((await postForm(link, {})).status).toBe(200);
    expect(await confirmedAt()).not.toBeNull();
    expect((await postForm(link, {})).status).toBe(410);
    expect((await request(link)).status).toBe(410);
    expect(await read(`${at}/channels`)).toContain("Ready");
  });
});

describe("planned work", () => {
  it("is announced, told on the page of alerts, and ended", async () => {
    const { at, read, post } = await setUp("Work");
    expect((await post(`${at}/planned-work`, { hours: "3", note: "" })).status).toBe(422);
    await post(`${at}/planned-work`, { hours: "8", note: "Migration" });
    expect(await read(`${at}/alerts`)).toMatch(/Planned work until .* \(Migration\)/);
    await post(`${at}/planned-work/end`);
    expect(await read(`${at}/alerts`)).not.toContain("Planned work until");
  });
});
