import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { explainDeliveryFailure } from "../../../src/console/webhooks/explain-webhook.ts";
import { newId } from "../../../src/platform/uuid.ts";
import { operate } from "../../scim-api/scim-client.ts";
import { follow, getPage, makeAdmin, postForm } from "../sign-in-to.ts";

const SECRET = /<code id="webhook-secret">(whsec_[A-Za-z0-9+/=]+)<\/code>/;
const nonceOf = (letter: string) => letter.repeat(64);

async function setUp(name: string) {
  const { company, cookie } = await makeAdmin(name);
  const list = `/console/companies/${company.id}/webhooks`;
  const post = (path: string, fields: Record<string, string> = {}) => postForm(path, fields, cookie);
  const read = async (path: string) => (await getPage(path, cookie)).text();
  const add = (fields: Record<string, string> = {}) =>
    post(list, {
      id: newId(Date.now()),
      nonce: nonceOf("a"),
      url: "https://hook.example.com/in",
      which: "all",
      ...fields,
    });
  const rows = async () =>
    (await env.DB.prepare("SELECT * FROM webhooks WHERE company_key = ?").bind(company.key).all()).results;
  /** A webhook that never sends: its address is one that no webhook could be given. */
  const addStopped = async (state: string) => {
    const id = newId(Date.now());
    await add({ id });
    await env.DB.prepare(`UPDATE webhooks SET url = 'https://hook.invalid/', ${state} WHERE id = ?`).bind(id).run();
    const row = (await rows()).find((each) => each.id === id);
    return { id, key: Number(row?.webhook_key), url: `${list}/${id}` };
  };
  return { company, cookie, list, post, read, add, rows, addStopped };
}

describe("adding a webhook", () => {
  it("is refused by the management API's rules, with what was typed kept and the error beside its field", async () => {
    const { add, rows } = await setUp("Refused");
    const answers = {
      "http://hook.example.com/": "Give an https URL.",
      "https://10.0.0.1/": "This address is not on the public Internet.",
      "": "Give the address of the receiver.",
    };
    for (const [url, error] of Object.entries(answers)) {
      const answer = await add({ url });
      expect(answer.status, url).toBe(422);
      const text = await answer.text();
      expect(text).toMatch(new RegExp(`id="url"[^>]*value="${url}"[^>]*aria-invalid="true"`));
      expect(text).toContain(`<span class="error" id="url-error">${error}</span>`);
    }
    const unchosen = await add({ which: "some" });
    expect(unchosen.status).toBe(422);
    expect(await unchosen.text()).toContain('id="types-error"');
    expect(await rows()).toEqual([]);
  });

  it("shows its secret in the answer and never again", async () => {
    const { add, cookie, list, read, rows } = await setUp("Shown once");
    const answer = await add({ which: "some", "type.user.created": "on", "type.user.deleted": "on" });
    const secret = SECRET.exec(await (await follow(answer, cookie)).text())?.[1] ?? "";
    expect(secret).not.toBe("");
    const [row] = await rows();
    expect(row).toMatchObject({ types: '["user.created","user.deleted"]', enabled: 1 });
    expect(await read(`${list}/${row?.id}`)).not.toContain(secret);
    const kept = await env.DB.prepare("SELECT * FROM webhook_secrets").all();
    expect(JSON.stringify(kept.results)).not.toContain(secret);
  });

  it("sent twice makes one webhook with one secret", async () => {
    const { add, cookie, rows } = await setUp("Added twice");
    const id = newId(Date.now());
    const answers = await Promise.all([add({ id }), add({ id })]);
    const [first, second] = await Promise.all(
      answers.map(async (answer) => SECRET.exec(await (await follow(answer, cookie)).text())?.[1]),
    );
    expect(first).toBeDefined();
    expect(second).toBe(first);
    expect(await rows()).toHaveLength(1);
  });

  it("past the twentieth is refused in words", async () => {
    const { add, list, read } = await setUp("Twenty");
    for (let n = 0; n < 20; n += 1) await add();
    expect(await read(list)).toContain("at most 20 webhooks, and has them.");
    expect(await (await add()).text()).toContain("at most 20 webhooks, and has them.");
  });
});

describe("a webhook", () => {
  it("is paused, resumed, changed and deleted after a question", async () => {
    const { addStopped, list, post, read, rows } = await setUp("Switched");
    const { url } = await addStopped("enabled = 1");
    await post(`${url}/pause`);
    expect(await read(list)).toContain("Paused");
    await post(`${url}/resume`);
    expect(await rows()).toMatchObject([{ enabled: 1 }]);
    const wrong = await post(url, { url: "ftp://x", which: "all" });
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toMatch(/value="ftp:\/\/x"[^>]*aria-invalid="true"/);
    await post(url, { url: "https://other.example.com/", which: "some", "type.user.created": "on" });
    expect(await rows()).toMatchObject([{ url: "https://other.example.com/", types: '["user.created"]' }]);
    expect(await read(`${url}/delete`)).toContain("Delete this webhook");
    expect(await rows()).toHaveLength(1);
    await post(`${url}/delete`);
    expect(await rows()).toEqual([]);
    expect(await read(url)).toContain("Nothing here");
  });

  it("waits for the changes that it is told of, not for those between them", async () => {
    const { addStopped, company, list, read } = await setUp("Waiting");
    const { key, url } = await addStopped(`enabled = 0, types = '["group.created"]'`);
    const made = [];
    for (let n = 0; n < 3; n += 1)
      made.push((await operate("POST", `/companies/${company.id}/target-groups`, { name: `G${n}` })).status);
    await operate("POST", `/companies/${company.id}/fields`, { key: "site", label: "Site", type: "text" });
    expect(made).toEqual([201, 201, 201]);
    await env.DB.prepare("UPDATE webhooks SET cursor_seq = 0 WHERE webhook_key = ?").bind(key).run();
    for (const page of [url, list]) expect(await read(page)).toContain(">3 changes<");
    expect(await read(`${url}/delete`)).toContain("not even 3 changes that it has not received yet");
  });

  it("gets a new secret beside the one before, and one only however often the form is sent", async () => {
    const { addStopped, cookie, post, read } = await setUp("Rotated");
    const { key, url } = await addStopped("enabled = 0");
    const secrets = async () =>
      (await env.DB.prepare("SELECT expires_at FROM webhook_secrets WHERE webhook_key = ?").bind(key).all()).results;
    const rotate = async () => {
      const answer = await post(`${url}/secret`, { nonce: nonceOf("b"), overlap: "24" });
      return SECRET.exec(await (await follow(answer, cookie)).text())?.[1];
    };
    const first = await rotate();
    expect(first).toBeDefined();
    expect(await rotate()).toBe(first);
    const kept = await secrets();
    expect(kept).toHaveLength(2);
    expect(kept.filter(({ expires_at }) => expires_at === null)).toHaveLength(1);
    expect(await read(url)).not.toContain(first);
    await post(`${url}/secret`, { nonce: nonceOf("c"), overlap: "0" });
    expect(await secrets()).toEqual([{ expires_at: null }]);
  });
});

describe("a webhook in trouble", () => {
  it("that fails is told of on the page an admin sees first, in words, and goes on when told to", async () => {
    const { company, addStopped, post, read, rows } = await setUp("Failing");
    const failing =
      "is_failing = 1, failed_attempts = 14, first_failed_at = 1, failure_code = 'denied', failure = 'Answered 401.'";
    const { url } = await addStopped(failing);
    const settings = `/console/companies/${company.id}/settings`;
    expect(await read(settings)).toContain("A webhook has stopped");
    expect(await read(settings)).toContain(explainDeliveryFailure({ code: "denied", detail: "Answered 401." }).title);
    const page = await read(url);
    expect(page).toContain("Failing");
    expect(page).toContain("check the signature instead");
    await env.DB.prepare("UPDATE webhooks SET url = 'https://hook.example.com/' WHERE company_key = ?")
      .bind(company.key)
      .run();
    await post(`${url}/resume`, { from: "cursor" });
    expect(await rows()).toMatchObject([{ is_failing: 0, failure_code: null, failure: null }]);
    expect(await read(settings)).not.toContain("A webhook has stopped");
  });

  it("in trouble for a moment does not alarm anybody, for longer it does", async () => {
    const { company, addStopped, read } = await setUp("Retrying");
    const soon = Date.now() + 3_600_000;
    const { id } = await addStopped(`failed_attempts = 1, failure = 'Answered 503.', next_attempt_at = ${soon}`);
    const settings = `/console/companies/${company.id}/settings`;
    expect(await read(settings)).not.toContain("A webhook has trouble");
    await env.DB.prepare("UPDATE webhooks SET failed_attempts = 6 WHERE id = ?").bind(id).run();
    expect(await read(settings)).toContain("A webhook has trouble");
  });

  it("that has missed changes asks from where to go on", async () => {
    const { company, addStopped, post, rows } = await setUp("Missed");
    const { url } = await addStopped("is_failing = 1, failure = 'Answered 500.', cursor_seq = 0");
    await env.DB.prepare("UPDATE companies SET change_seq = 9 WHERE company_key = ?").bind(company.key).run();
    const refused = await post(`${url}/resume`, { from: "cursor" });
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain("Go on from the oldest change kept");
    await post(`${url}/resume`, { from: "now" });
    expect(await rows()).toMatchObject([{ is_failing: 0, cursor_seq: 9 }]);
  });
});

describe("a webhook's page", () => {
  it("lists its deliveries with what came of them, and sends one again", async () => {
    const { company, addStopped, list, post, read } = await setUp("Delivered");
    const { key, url } = await addStopped("cursor_seq = 3");
    await env.DB.prepare("UPDATE companies SET change_seq = 3 WHERE company_key = ?").bind(company.key).run();
    for (const [seq, status, error] of [
      [2, "failed", "Answered 500."],
      [3, "delivered", null],
    ] as const) {
      await env.DB.prepare(
        `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, data, cause)
         VALUES (?, ?, 'user.created', 1, 'user', 'u', '{}', '{}')`,
      )
        .bind(company.key, seq)
        .run();
      await env.DB.prepare(
        `INSERT INTO webhook_deliveries (webhook_key, seq, type, status, attempts, response_status, response_body, error,
           duration, first_attempt_at, last_attempt_at) VALUES (?, ?, 'user.created', ?, 1, 500, '<b>no</b>', ?, 12, 1, 1)`,
      )
        .bind(key, seq, status, error)
        .run();
    }
    const failed = await read(`${url}?status=failed`);
    expect(failed).toContain("Answered 500. 12 ms");
    expect(failed).toContain("&lt;b&gt;no&lt;/b&gt;");
    expect(failed).not.toContain("No. 3");
    const again = await post(`${url}/deliveries/${company.id}-2/resend`);
    expect(again.headers.get("Location")).toContain("done=resent");
    const attempts = () =>
      env.DB.prepare("SELECT attempts FROM webhook_deliveries WHERE webhook_key = ? AND seq = 2")
        .bind(key)
        .first<number>("attempts");
    await expect.poll(attempts).toBe(2);
    expect((await post(`${url}/deliveries/${company.id}-9/resend`)).status).toBe(404);
    await post(`${url}/pause`);
    expect((await post(`${url}/deliveries/${company.id}-2/resend`)).status).toBe(409);
    expect(await read(list)).toContain("Paused");
  });
});
