import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import type { Operation, WriteResult } from "../../src/writer/operation.ts";
import { AlertBench, DAY, HOUR, MINUTE } from "./alert-bench.ts";

const origin = "https://rollcall.example";
const email = (address: string) => ({ kind: "email", address, allowsLoopback: false }) as const;
const chat = (address: string) => ({ kind: "chat", address, allowsLoopback: false }) as const;

function ask(bench: AlertBench, operation: Operation): Promise<WriteResult> {
  const cause = { requestId: newId(bench.now), actor: "admin", settingId: null, provider: null } as const;
  return bench.writer.write({ operation, cause });
}

function add(bench: AlertBench, address: string): Promise<WriteResult> {
  return ask(bench, { kind: "addChannel", channel: email(address), origin });
}

interface ChannelRow {
  id: string;
  address: string;
  nonce: string | null;
  confirmed_at: number | null;
}

async function channelsOf(bench: AlertBench): Promise<ChannelRow[]> {
  const { results } = await env.DB.prepare(
    `SELECT m.* FROM message_channels m JOIN companies c ON c.company_key = m.company_key WHERE c.id = ? ORDER BY m.id`,
  )
    .bind(bench.companyId)
    .all<ChannelRow>();
  return results;
}

async function onlyChannelOf(bench: AlertBench): Promise<ChannelRow> {
  const [channel, ...others] = await channelsOf(bench);
  expect(others).toEqual([]);
  if (channel === undefined) throw new Error("no channel");
  return channel;
}

async function remove(bench: AlertBench): Promise<void> {
  await ask(bench, { kind: "removeChannel", channelId: (await onlyChannelOf(bench)).id });
}

const refused = (part: string) => ({
  ok: false,
  status: 409,
  code: "link_sent",
  detail: expect.stringContaining(part),
});

describe("links that confirm an address", () => {
  it("are no more because it is removed and added, by either door, or because another case is written", async () => {
    const bench = await AlertBench.open();
    expect(await add(bench, "it@example.com")).toMatchObject({ ok: true });
    await remove(bench);
    expect(await add(bench, "IT@Example.com")).toMatchObject(refused("ten minutes"));
    const whole: Operation = {
      kind: "setChannels",
      channels: [email("it@example.com"), chat("https://a.example/")],
      origin,
    };
    expect(await ask(bench, whole)).toMatchObject(refused("ten minutes"));
    // Refused is the whole list.
    expect(await channelsOf(bench)).toEqual([]);
    expect(await bench.messages()).toEqual([]);
    bench.now += 10 * MINUTE - 1;
    expect(await add(bench, "it@example.com")).toMatchObject(refused("ten minutes"));
    bench.now += 1;
    expect(await add(bench, "it@example.com")).toMatchObject({ ok: true });
    expect(await bench.messages()).toHaveLength(1);
  });

  it("are no more because they are asked for again, whatever the writer knows of sending, and one waits at a time", async () => {
    const bench = await AlertBench.open();
    await add(bench, "it@example.com");
    const { id: channelId, nonce } = await onlyChannelOf(bench);
    expect(await ask(bench, { kind: "askAgain", channelId })).toMatchObject(refused("ten minutes"));
    for (let n = 0; n < 4; n += 1) {
      bench.now += 10 * MINUTE;
      await bench.create(`p${n}`);
      expect(await ask(bench, { kind: "askAgain", channelId })).toMatchObject({ ok: true });
      await bench.create(`q${n}`);
      expect(await ask(bench, { kind: "askAgain", channelId })).toMatchObject(refused("ten minutes"));
    }
    expect(await bench.messages()).toHaveLength(1);
    expect((await onlyChannelOf(bench)).nonce).not.toBe(nonce);
    bench.now += HOUR;
    expect(await ask(bench, { kind: "askAgain", channelId })).toMatchObject(refused("5 links"));
    bench.now += DAY;
    expect(await ask(bench, { kind: "askAgain", channelId })).toMatchObject({ ok: true });
    const kept = await env.DB.prepare(
      "SELECT count(*) AS n FROM confirmation_links l JOIN companies c ON c.company_key = l.company_key WHERE c.id = ?",
    );
    expect(await kept.bind(bench.companyId).first("n")).toBe(1);
  });

  it("are forty of a company in a day, whatever the addresses", async () => {
    const bench = await AlertBench.open();
    const list = (part: string): Operation => ({
      ...{ kind: "setChannels", origin },
      channels: Array.from({ length: 20 }, (_, n) => email(`${part}${n}@example.com`)),
    });
    expect(await ask(bench, list("a"))).toMatchObject({ ok: true });
    expect(await ask(bench, list("b"))).toMatchObject({ ok: true });
    expect(await ask(bench, list("c"))).toMatchObject(refused("40 links"));
    expect((await channelsOf(bench)).map(({ address }) => address)).toContain("b7@example.com");
    bench.now += DAY;
    expect(await ask(bench, list("c"))).toMatchObject({ ok: true });
  });

  it("confirm once, and not when another one was sent since", async () => {
    const bench = await AlertBench.open();
    await add(bench, "it@example.com");
    const { id: channelId, nonce } = await onlyChannelOf(bench);
    bench.now += HOUR;
    await ask(bench, { kind: "askAgain", channelId });
    const confirm = (text: string | null) => ask(bench, { kind: "confirmChannel", channelId, nonce: text ?? "" });
    expect(await confirm(nonce)).toMatchObject({ ok: false, status: 404 });
    expect(await onlyChannelOf(bench)).toMatchObject({ confirmed_at: null });
    const { nonce: second } = await onlyChannelOf(bench);
    const both = await Promise.all([confirm(second), confirm(second)]);
    expect(both.map(({ ok }) => ok)).toEqual([true, false]);
    expect(await onlyChannelOf(bench)).toMatchObject({ confirmed_at: bench.now, nonce: null });
  });
});

describe("channels", () => {
  it("that two admins add and remove at once all count, and are twenty at most", async () => {
    const bench = await AlertBench.open();
    const addChat = (n: number) =>
      ask(bench, { kind: "addChannel", channel: chat(`https://chat.example/${n}`), origin });
    await addChat(0);
    const [first] = await channelsOf(bench);
    const removal = ask(bench, { kind: "removeChannel", channelId: first?.id ?? "" });
    await Promise.all([addChat(1), removal, addChat(2), addChat(1)]);
    const addresses = (await channelsOf(bench)).map(({ address }) => address).sort();
    expect(addresses).toEqual(["https://chat.example/1", "https://chat.example/2"]);
    const results = await Promise.all(Array.from({ length: 19 }, (_, n) => addChat(10 + n)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(18);
    expect(results.at(-1)).toMatchObject({ code: "too_many_channels", status: 409 });
    expect(await channelsOf(bench)).toHaveLength(20);
  });

  it("that nobody confirmed take no message but the one that asks", async () => {
    const bench = await AlertBench.open();
    await add(bench, "it@example.com");
    await bench.admin({ kind: "revokeToken", settingId: bench.settingId, tokenId: bench.token("first") });
    await bench.pass(2 * DAY);
    expect(await bench.messages()).toEqual(["Confirm that alerts of Acme may come here"]);
    const { id: channelId, nonce } = await onlyChannelOf(bench);
    await ask(bench, { kind: "confirmChannel", channelId, nonce: nonce ?? "" });
    await bench.pass(MINUTE);
    expect(await bench.messages()).toHaveLength(2);
  });
});
