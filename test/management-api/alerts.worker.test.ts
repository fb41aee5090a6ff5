import { describe, expect, it, vi } from "vitest";
import { must, populate } from "../safety/populated-company.ts";
import { newSetting, operate } from "../scim-api/scim-client.ts";

describe("alerts", () => {
  it("are listed by status and read in words; one can be dismissed, and closes when it is over", async () => {
    const company = must(await operate("POST", "/companies", { name: "Acme" }), 201);
    const at = `/companies/${company.id}`;
    const client = await newSetting(company.id, { name: "Entra", groupSettings: { criteria: "idp" } });
    expect(must(await operate("GET", `${at}/alerts`), 200)).toEqual({ items: [], nextCursor: null });
    must(await operate("DELETE", `${at}/scim-settings/${client.settingId}/tokens/${client.tokenId}`), 204);
    const [alert] = must(await operate("GET", `${at}/alerts?status=open`), 200).items;
    expect(alert).toMatchObject({
      ...{ kind: "no_credential", status: "open", settingId: client.settingId, title: "Entra has no credential" },
      ...{ count: 1, code: null, requestIds: [], dismissedAt: null, closedAt: null },
    });
    expect(alert.link).toMatch(new RegExp(`^https?://.+/console/companies/${company.id}/alerts/${alert.id}$`));
    const dismissed = must(await operate("POST", `${at}/alerts/${alert.id}/dismiss`), 200);
    expect(dismissed).toMatchObject({ id: alert.id, status: "dismissed" });
    expect(must(await operate("GET", `${at}/alerts?status=open`), 200).items).toEqual([]);
    must(await operate("POST", `${at}/scim-settings/${client.settingId}/tokens`, {}), 201);
    const [closed] = must(await operate("GET", `${at}/alerts?status=closed`), 200).items;
    expect(closed).toMatchObject({ id: alert.id, status: "closed" });
    expect(await operate("POST", `${at}/alerts/${alert.id}/dismiss`)).toMatchObject({
      ...{ status: 409, json: { code: "alert_closed" } },
    });
    const types = must(await operate("GET", `${at}/changes?types=alert.opened,alert.closed`), 200).items;
    expect(types.map(({ type }: { type: string }) => type)).toEqual(["alert.opened", "alert.closed"]);
    expect(types[0]).toMatchObject({
      ...{ subject: { kind: "alert", id: alert.id }, cause: { actor: "system" } },
      data: { kind: "no_credential", settingId: client.settingId, title: "Entra has no credential" },
    });
  });

  it("are paged, the newest first", async () => {
    const { companyId } = await populate("paged");
    const at = `/companies/${companyId}`;
    for (const fields of [1, null, 1, null]) must(await operate("PATCH", `${at}/quotas`, { fields }), 200);
    const all = must(await operate("GET", `${at}/alerts`), 200).items.map(({ id }: { id: string }) => id);
    expect(all).toHaveLength(3);
    const first = must(await operate("GET", `${at}/alerts?limit=2`), 200);
    const rest = must(await operate("GET", `${at}/alerts?limit=2&cursor=${first.nextCursor}`), 200);
    expect([...first.items, ...rest.items].map(({ id }: { id: string }) => id)).toEqual(all);
    expect(rest.nextCursor).toBeNull();
  });
});

describe("alert channels", () => {
  it("are set as a whole; those that stay keep what is known of them, and private addresses are refused", async () => {
    const { companyId, channelId } = await populate("channels");
    const at = `/companies/${companyId}/alert-channels`;
    const kept = { kind: "chat", to: "https://chat-channels.example.com/" };
    const other = { kind: "chat", to: "https://chat.example.com/x" };
    const { items } = must(await operate("PUT", at, [other, kept, kept]), 200);
    expect(items).toMatchObject([
      { ...kept, id: channelId, status: "ready" },
      { ...other, status: "ready" },
    ]);
    for (const to of [
      "http://chat.example.com/",
      "https://10.0.0.1/",
      "https://localhost/",
      "https://u:p@x.example/",
    ]) {
      const answer = await operate("PUT", at, [kept, { kind: "chat", to }]);
      expect(answer, to).toMatchObject({ status: 400, json: { errors: [{ pointer: "/1/to" }] } });
    }
    expect(await operate("PUT", at, [{ kind: "email", to: "a@example.com" }])).toMatchObject({
      ...{ status: 400, json: { errors: [{ pointer: "/0/to" }] } },
    });
    expect(must(await operate("GET", at), 200).items).toHaveLength(2);
    expect(must(await operate("PUT", at, []), 200)).toEqual({ items: [], nextCursor: null });
  });
});

describe("planned work", () => {
  it("is announced until a time, and ended", async () => {
    const { companyId } = await populate("planned");
    const at = `/companies/${companyId}/planned-work`;
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect(must(await operate("POST", at, { until, note: "Migration" }), 200)).toEqual({ until, note: "Migration" });
    expect(must(await operate("POST", at, { until: null }), 200)).toEqual({ until: null, note: null });
    expect(await operate("POST", at, { until: "2099-01-01T00:00:00Z" })).toMatchObject({ status: 400 });
    // A time that is over would end what is announced, which null says.
    must(await operate("POST", at, { until }), 200);
    const over = await operate("POST", at, { until: new Date(Date.now() - 1_000).toISOString() });
    expect(over).toMatchObject({ status: 400, json: { errors: [{ pointer: "/until" }] } });
    expect(must(await operate("POST", at, { until, note: "<b>Still</b>" }), 200).note).toBe("<b>Still</b>");
    expect(await operate("POST", at, { until: "soon" })).toMatchObject({ status: 400 });
  });
});

describe("the test of where messages go", () => {
  it("is sent once for an Idempotency-Key: a repeat says what came of it", async () => {
    const { id } = must(await operate("POST", "/companies", { name: "Acme" }), 201);
    const at = `/companies/${id}/alert-channels`;
    const to = "https://hooks.slack.com/services/T0/B0/secret";
    const [channel] = must(await operate("PUT", at, [{ kind: "chat", to }]), 200).items;
    const sent: string[] = [];
    const fetching = vi.spyOn(globalThis, "fetch").mockImplementation(async (url) => {
      sent.push(String(url));
      return new Response("no", { status: sent.length > 1 ? 200 : 500 });
    });
    const send = (key: string) => operate("POST", `${at}/${channel.id}/test`, undefined, { "Idempotency-Key": key });
    const first = must(await send("one"), 200);
    expect(first).toMatchObject({ sent: false });
    expect(must(await send("one"), 200)).toEqual(first);
    expect(sent).toEqual([to]);
    expect(must(await send("two"), 200)).toEqual({ sent: true, failure: null });
    expect(sent).toEqual([to, to]);
    fetching.mockRestore();
  });
});
