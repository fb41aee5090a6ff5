import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import type { Json } from "../../src/scim/json.ts";
import { AlertBench, DAY, HOUR, MINUTE } from "./alert-bench.ts";

describe("refused writes", () => {
  it("open an alert when one person was refused three times, by code, with the requests; the person's success closes it", async () => {
    const bench = await AlertBench.open();
    const requests = [await bench.refuse("ada"), await bench.refuse("ada")];
    expect(await bench.alerts()).toEqual([]);
    requests.push(await bench.refuse("ada"));
    expect(await bench.alerts()).toMatchObject([
      { kind: "failing", subject: "invalid_value", count: 3, facts: { code: "invalid_value", requestIds: requests } },
    ]);
    await bench.create("bob");
    expect(await bench.kinds()).toEqual(["failing"]);
    await bench.create("ADA ");
    expect(await bench.alerts()).toEqual([]);
    expect(await bench.kinds("closed")).toEqual(["failing"]);
    expect(await bench.feed()).toEqual(["alert.opened failing", "alert.closed failing"]);
  });

  it("of several codes are an alert each, and reads and harmless deletions are none", async () => {
    const bench = await AlertBench.open();
    for (let n = 0; n < 3; n += 1) {
      await bench.refuse("ada", "invalid_value");
      await bench.refuse("bob", "missing_attribute");
      await bench.door({ method: "GET", status: 404, code: "no_such_user", resourceId: "x" });
      await bench.door({ method: "DELETE", status: 404, code: "no_such_user", resourceId: "y" });
      await bench.door({ method: "POST", path: "/scim/v2/Users/.search", status: 400, code: "invalid_filter" });
    }
    expect((await bench.alerts()).map(({ subject }) => subject).sort()).toEqual(["invalid_value", "missing_attribute"]);
  });

  it("of nobody in particular are made good by the setting's next success", async () => {
    const bench = await AlertBench.open();
    for (let n = 0; n < 3; n += 1)
      await bench.door({ status: 415, code: "unsupported_media_type", resourceType: null });
    expect(await bench.kinds()).toEqual(["failing"]);
    await bench.create("ada");
    expect(await bench.kinds()).toEqual([]);
  });

  it("open an alert when they are more than 5 % of at least 20 in an hour, and not before", async () => {
    const bench = await AlertBench.open();
    for (let n = 0; n < 18; n += 1) await bench.create(`p${n}`);
    await bench.refuse("x");
    expect(await bench.kinds()).toEqual([]);
    await bench.refuse("y");
    expect(await bench.kinds()).toEqual(["failing"]);
    await bench.create("x");
    expect(await bench.kinds()).toEqual(["failing"]);
    await bench.create("y");
    expect(await bench.kinds()).toEqual([]);
    const calm = await AlertBench.open();
    for (let n = 0; n < 19; n += 1) await calm.create(`p${n}`);
    await calm.refuse("x");
    expect(await calm.kinds()).toEqual([]);
  });

  it("are more than 5 % as soon as the twentieth write comes, be it an accepted one", async () => {
    const bench = await AlertBench.open();
    await bench.refuse("x");
    await bench.refuse("y");
    for (let n = 0; n < 17; n += 1) await bench.create(`p${n}`);
    expect(await bench.kinds()).toEqual([]);
    await bench.create("p17");
    expect(await bench.alerts()).toMatchObject([{ kind: "failing", count: 2 }]);
  });
});

describe("refused writes, as time goes by", () => {
  it("are counted over restarts of the writer, and forgotten after a week without", async () => {
    const bench = await AlertBench.open();
    for (let n = 0; n < 3; n += 1) {
      await bench.refuse("ada");
      bench.writer.forget();
      await bench.pass(40 * MINUTE);
    }
    expect(await bench.kinds()).toEqual(["failing"]);
    await bench.pass(7 * DAY);
    expect(await bench.kinds()).toEqual([]);
    expect(await bench.failing()).toBe(0);
  });

  it("are forgotten with the person, and with a setting that is paused", async () => {
    const bench = await AlertBench.open();
    const made = await bench.client.user("ada");
    for (let n = 0; n < 3; n += 1)
      await bench.door({ method: "PATCH", status: 400, code: "invalid_value", resourceId: made });
    expect(await bench.kinds()).toEqual(["failing"]);
    await bench.client.deleteUser(made);
    expect(await bench.kinds()).toEqual([]);
    for (let n = 0; n < 3; n += 1) await bench.refuse("bob");
    expect(await bench.kinds()).toEqual(["failing"]);
    await bench.admin({ kind: "pauseSetting", settingId: bench.settingId });
    expect(await bench.kinds()).toEqual([]);
  });

  it("stay dismissed until they are over", async () => {
    const bench = await AlertBench.open();
    for (let n = 0; n < 3; n += 1) await bench.refuse("ada");
    const [alert] = await bench.alerts();
    await bench.admin({ kind: "dismissAlert", alertId: alert?.id ?? "" });
    await bench.refuse("ada");
    expect(await bench.alerts("dismissed")).toMatchObject([{ id: alert?.id, count: 4 }]);
    await bench.create("ada");
    expect(await bench.kinds("closed")).toEqual(["failing"]);
    for (let n = 0; n < 3; n += 1)
      await bench.door({ method: "PUT", status: 400, code: "invalid_value", label: "ada" });
    expect(await bench.kinds()).toEqual(["failing"]);
  });
});

describe("a create by a name that is taken", () => {
  /** Makes somebody whose answer is lost, so that the client sends the create again; gives who was made. */
  async function loseAnswer(bench: AlertBench, name: string): Promise<string> {
    const id = await bench.client.user(name);
    await bench.door({ status: 409, code: "user_name_taken", label: name });
    return id;
  }

  const lookUp = { method: "GET", status: 200, resourceType: "User" } as const;

  it("is made good when its client looks the name up and gets who bears it, with no row more", async () => {
    const bench = await AlertBench.open();
    const made: [string, string][] = [];
    for (let n = 0; n < 24; n += 1) made.push([`p${n}`, await loseAnswer(bench, `p${n}`)]);
    expect(await bench.kinds()).toEqual(["failing"]);
    for (const [name, resourceId] of made.slice(1))
      await bench.door({ ...lookUp, path: "/scim/v2/Users?filter=x", label: name.toUpperCase(), resourceId });
    expect([await bench.kinds(), await bench.failing()]).toEqual([["failing"], 1]);
    // In the body of a search, as in a path.
    const [[name, resourceId] = ["", ""]] = made;
    await bench.door({ ...lookUp, method: "POST", path: "/scim/v2/Users/.search", label: name, resourceId });
    expect([await bench.kinds(), await bench.failing()]).toEqual([[], 0]);
  });

  it("is made good by the next write of who bears it", async () => {
    const bench = await AlertBench.open();
    const id = await loseAnswer(bench, "ada");
    await bench.door({ method: "PATCH", status: 200, label: "Ada", resourceId: id });
    expect(await bench.failing()).toBe(0);
  });

  it("is not by a look-up that finds nobody or somebody else, nor is any other refusal by one that finds its person", async () => {
    const bench = await AlertBench.open();
    await loseAnswer(bench, "ada");
    await bench.door({ ...lookUp, label: "ada" });
    await bench.door({ ...lookUp, label: "ada", status: 404, resourceId: newId(bench.now) });
    await bench.door({ ...lookUp, label: "bob", resourceId: newId(bench.now) });
    await bench.door({ ...lookUp, label: "ada", resourceType: "Group", resourceId: newId(bench.now) });
    expect(await bench.failing()).toBe(1);
    // It was asked before the refusal, and is only written after it.
    bench.now -= 10;
    await bench.door({ ...lookUp, label: "ada", resourceId: newId(bench.now) });
    bench.now += 10;
    expect(await bench.failing()).toBe(1);
    await bench.refuse("cid");
    await bench.door({ ...lookUp, label: "cid", resourceId: newId(bench.now) });
    expect(await bench.failing()).toBe(2);
  });

  it("is so of groups, too", async () => {
    const bench = await AlertBench.open();
    await bench.door({ status: 409, code: "group_name_taken", label: "Sales", resourceType: "Group" });
    const answer = (totalResults: number) => ({ responseBody: JSON.stringify({ totalResults }) });
    await bench.door({ ...lookUp, label: "sales", resourceType: "Group", ...answer(0) });
    expect(await bench.failing()).toBe(1);
    await bench.door({ ...lookUp, label: "sales", resourceType: "Group", ...answer(1) });
    expect(await bench.failing()).toBe(0);
  });
});

describe("what is kept", () => {
  const ofCompany = "(SELECT company_key FROM companies WHERE id = ?1)";

  it("of refused writes is 500 rows of a company: further ones name nobody", async () => {
    const bench = await AlertBench.open();
    await env.DB.prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
       INSERT INTO failing_writes (setting_key, code, subject, count, first_at, last_at, request_ids)
       SELECT (SELECT setting_key FROM scim_settings WHERE id = ?1), 'invalid_value', printf('0192f0aa-0000-7000-8000-%012d', i), 1, ?2, ?2, '[]' FROM n`,
    )
      .bind(bench.settingId, bench.now)
      .run();
    bench.writer.forget();
    for (const name of ["ada", "bob", "cyd"]) await bench.refuse(name);
    expect(await bench.failing()).toBe(501);
    const nobody =
      "SELECT sum(f.count) AS n FROM failing_writes f JOIN scim_settings s USING (setting_key) WHERE s.id = ? AND f.subject = ''";
    expect(await env.DB.prepare(nobody).bind(bench.settingId).first("n")).toBe(3);
  });

  it("of alerts that are over is 90 days, and of links a day", async () => {
    const bench = await AlertBench.open(Date.parse("2027-03-02T08:00:00Z"));
    const channel = { kind: "email", address: "it@example.com", allowsLoopback: false } as const;
    await bench.admin({ kind: "addChannel", channel, origin: "https://rollcall.example" });
    for (let n = 0; n < 3; n += 1) await bench.refuse("ada");
    await bench.create("ada");
    const links = () =>
      env.DB.prepare(`SELECT count(*) AS n FROM confirmation_links WHERE company_key = ${ofCompany}`)
        .bind(bench.companyId)
        .first("n");
    const review = async () => {
      const cause = { requestId: newId(bench.now), actor: "system", settingId: null, provider: null } as const;
      await bench.writer.write({ operation: { kind: "reviewAlerts" }, cause });
    };
    await review();
    expect([await bench.kinds("closed"), await links()]).toEqual([["failing"], 1]);
    bench.now += 90 * DAY - 10;
    await review();
    expect([await bench.kinds("closed"), await links()]).toEqual([["failing"], 0]);
    bench.now += 20;
    await review();
    expect(await bench.kinds("closed")).not.toContain("failing");
  });

  it("of the time of the next look is an alarm, set before the commit that brings it nearer, and by no other", async () => {
    const bench = await AlertBench.open();
    bench.alarms = 0;
    await bench.create("ada");
    expect(bench.alarms).toBe(1);
    const dueAt = await bench.dueAt();
    await bench.create("bob");
    expect([bench.alarms, await bench.dueAt()]).toEqual([1, dueAt]);
    await bench.refuse("cyd");
    expect(bench.alarms).toBe(2);
    expect(await bench.dueAt()).toBeLessThan(dueAt ?? 0);
  });
});

describe("refused writes of other forms", () => {
  it("are the operations of a Bulk request each, and not the request", async () => {
    const bench = await AlertBench.open();
    const send = (data: Record<string, unknown>) => {
      const items = [
        { method: "POST", path: "/Users", bulkId: "a", data },
        { method: "POST", path: "/Users", bulkId: "b", data: { userName: `other${bench.now}` } },
      ];
      const row = { path: "/scim/v2/Bulk", resourceType: null, status: 200 };
      return bench.provider({ kind: "bulk", settingId: bench.settingId, items: items as Json[] }, row);
    };
    const requests = [];
    for (let n = 0; n < 3; n += 1) requests.push(await send({ userName: "ada", active: "perhaps" }));
    expect(await bench.alerts()).toMatchObject([
      { kind: "failing", subject: "invalid_value", count: 3, facts: { requestIds: requests } },
    ]);
    await send({ userName: "ada", active: true });
    expect(await bench.kinds()).toEqual([]);
  });

  it("are sign-ins: an accepted one makes them good, and they make nothing else good", async () => {
    const bench = await AlertBench.open();
    const signIn = (status: number) =>
      bench.door({
        path: "/scim/oauth/token",
        resourceType: null,
        status,
        code: status < 400 ? null : "client_secret_wrong",
      });
    for (let n = 0; n < 3; n += 1) await bench.refuse("ada");
    for (let n = 0; n < 3; n += 1) await signIn(401);
    expect((await bench.alerts()).map(({ subject }) => subject).sort()).toEqual([
      "client_secret_wrong",
      "invalid_value",
    ]);
    await signIn(200);
    expect((await bench.alerts()).map(({ subject }) => subject)).toEqual(["invalid_value"]);
  });
});

describe("a hold", () => {
  it("is told when it has been open for ten minutes, and is over with it", async () => {
    const bench = await AlertBench.open();
    await bench.listen();
    await bench.admin({
      ...{ kind: "updateSetting", settingId: bench.settingId },
      safeguards: { leavers: { people: 1, percent: 1 } },
    });
    const ids: string[] = [];
    for (const name of ["a", "b", "c", "d"]) ids.push(await bench.client.user(name));
    const setActive = async (value: boolean) => {
      for (const id of ids) await bench.client.patchUser(id, { op: "replace", path: "active", value });
    };
    await setActive(false);
    await bench.pass(10 * MINUTE - 1);
    expect(await bench.kinds()).toEqual([]);
    await bench.pass(1);
    expect(await bench.alerts()).toMatchObject([{ kind: "hold", count: 3 }]);
    expect(await bench.messages()).toEqual(["3 people wait for a decision in Entra (Acme)"]);
    await setActive(true);
    expect(await bench.kinds()).toEqual([]);
    expect(await bench.feed()).toEqual(["alert.opened hold", "alert.closed hold"]);
    await setActive(false);
    await bench.pass(5 * MINUTE);
    await setActive(true);
    await bench.pass(DAY);
    expect(await bench.messages()).toHaveLength(1);
    // Announced work quietens messages, and the brake works.
    await bench.admin({ kind: "planWork", until: bench.now + DAY, note: "" });
    await setActive(false);
    await bench.pass(HOUR);
    expect(await bench.kinds()).toEqual(["hold"]);
    expect(await bench.messages()).toHaveLength(1);
  });
});

describe("credentials", () => {
  const soon = (bench: AlertBench) => bench.now + 40 * DAY;

  it("are told from 30 days before their end on, and when they have ended; a younger one that is used ends both", async () => {
    const bench = await AlertBench.open(Date.parse("2026-04-11T08:00:00Z"));
    const end = soon(bench);
    expect(await bench.kinds()).toEqual([]);
    await bench.until(end - 30 * DAY - 1);
    expect(await bench.kinds()).toEqual([]);
    await bench.pass(1);
    expect(await bench.alerts()).toMatchObject([{ kind: "credential_ending", subject: bench.token("first") }]);
    await bench.admin({
      ...{ kind: "createToken", settingId: bench.settingId },
      token: { id: bench.token("second"), lastFour: "bbbb", expiresAt: null },
    });
    expect(await bench.kinds()).toEqual(["credential_ending"]);
    await bench.until(end);
    expect(await bench.kinds()).toEqual(["credential_ended"]);
    await bench.door({ method: "GET", status: 200, tokenId: bench.token("first") });
    expect(await bench.kinds()).toEqual(["credential_ended"]);
    await bench.door({ method: "GET", status: 200, tokenId: bench.token("second") });
    expect(await bench.kinds()).toEqual([]);
    await bench.pass(DAY);
    expect(await bench.kinds()).toEqual([]);
  });

  it("that are revoked are over, and a live setting without any says so in the commit that took the last", async () => {
    const bench = await AlertBench.open(Date.parse("2026-03-12T08:00:00Z"));
    await bench.pass(0);
    expect(await bench.kinds()).toEqual(["credential_ending"]);
    await bench.admin({ kind: "revokeToken", settingId: bench.settingId, tokenId: bench.token("first") });
    expect(await bench.kinds()).toEqual(["no_credential"]);
    await bench.admin({ kind: "pauseSetting", settingId: bench.settingId });
    expect(await bench.kinds()).toEqual([]);
    await bench.admin({ kind: "resumeSetting", settingId: bench.settingId });
    expect(await bench.kinds()).toEqual(["no_credential"]);
    const trust = {
      id: bench.token("t"),
      issuer: "https://i.example",
      subject: "s",
      audience: "a",
      jwksUrl: "https://i.example/k",
    };
    await bench.admin({ kind: "createTrust", settingId: bench.settingId, trust });
    expect(await bench.kinds()).toEqual([]);
    await bench.admin({ kind: "deleteSetting", settingId: bench.settingId, users: "keep" });
    expect(await bench.kinds()).toEqual([]);
  });
});

describe("a silent setting", () => {
  it("is told after three times its longest pause, never within a day or in its first week, and is over with its next request", async () => {
    const bench = await AlertBench.open();
    for (let hour = 0; hour <= 8 * 24; hour += 12) {
      await bench.door({ method: "GET", status: 200 });
      await bench.pass(12 * HOUR);
    }
    expect(await bench.kinds()).toEqual([]);
    await bench.pass(24 * HOUR - 1);
    expect(await bench.kinds()).toEqual([]);
    await bench.pass(10);
    expect(await bench.kinds()).toEqual(["silent"]);
    await bench.door({ method: "GET", status: 200 });
    expect(await bench.kinds()).toEqual([]);
    expect(await bench.feed()).toEqual(["alert.opened silent", "alert.closed silent"]);
    const young = await AlertBench.open();
    await young.door({ method: "GET", status: 200 });
    await young.pass(60 * DAY);
    expect(await young.kinds()).toEqual([]);
  });
});

describe("the watch over silence", () => {
  const visit = async (bench: AlertBench, days: number) => {
    for (let half = 0; half <= 2 * days; half += 1) {
      await bench.door({ method: "GET", status: 200 });
      await bench.pass(12 * HOUR);
    }
  };

  it("begins with the first use, whatever else is due later", async () => {
    const bench = await AlertBench.open(Date.parse("2028-03-02T08:00:00Z"));
    await visit(bench, 8);
    await bench.pass(2 * DAY);
    expect(await bench.kinds()).toEqual(["silent"]);
  });

  it("begins anew where a setting was used for less than a week, and long after again", async () => {
    const bench = await AlertBench.open(Date.parse("2028-03-02T08:00:00Z"));
    await visit(bench, 3);
    await bench.pass(30 * DAY);
    await visit(bench, 20);
    await bench.pass(2 * DAY);
    expect(await bench.kinds()).toEqual(["silent"]);
  });
});

describe("a setting that is paused or deleted", () => {
  /** One that is silent, whose writes fail, and whose only token ends soon. */
  async function worried(): Promise<AlertBench> {
    const bench = await AlertBench.open(Date.parse("2026-03-20T08:00:00Z"));
    for (let hour = 0; hour <= 8 * 24; hour += 12) {
      await bench.door({ method: "GET", status: 200 });
      await bench.pass(12 * HOUR);
    }
    for (let n = 0; n < 3; n += 1) await bench.refuse("ada");
    await bench.pass(2 * DAY);
    expect(await bench.kinds()).toEqual(["credential_ending", "failing", "silent"]);
    return bench;
  }

  it("has no alert any more when it is deleted", async () => {
    const bench = await worried();
    await bench.admin({ kind: "deleteSetting", settingId: bench.settingId, users: "keep" });
    expect(await bench.kinds()).toEqual([]);
    expect(await bench.kinds("closed")).toEqual(["credential_ending", "failing", "silent"]);
    expect(await bench.failing()).toBe(0);
    await bench.pass(30 * DAY);
    expect(await bench.kinds()).toEqual([]);
  });

  it("is asked for nothing while it is paused, but its credential ends all the same", async () => {
    const bench = await worried();
    await bench.admin({ kind: "pauseSetting", settingId: bench.settingId });
    expect(await bench.kinds()).toEqual(["credential_ending"]);
    for (let n = 0; n < 3; n += 1) await bench.door({ status: 403, code: "setting_paused", label: "ada" });
    expect(await bench.kinds()).toEqual(["credential_ending"]);
    expect(await bench.failing()).toBe(0);
    await bench.pass(30 * DAY);
    expect(await bench.kinds()).toEqual(["credential_ended"]);
    // The row of what was refused before may come after it goes on.
    await bench.admin({ kind: "resumeSetting", settingId: bench.settingId });
    await bench.door({ status: 403, code: "setting_paused", label: "ada" });
    expect(await bench.failing()).toBe(0);
  });
});

describe("a setting that was paused", () => {
  it("is not silent because of its pause, and is watched as before from when it goes on", async () => {
    const bench = await AlertBench.open();
    for (let hour = 0; hour <= 8 * 24; hour += 12) {
      await bench.door({ method: "GET", status: 200 });
      await bench.pass(12 * HOUR);
    }
    await bench.admin({ kind: "pauseSetting", settingId: bench.settingId });
    await bench.pass(20 * DAY);
    await bench.admin({ kind: "resumeSetting", settingId: bench.settingId });
    expect(await bench.kinds()).toEqual([]);
    await bench.pass(36 * HOUR - 1);
    expect(await bench.kinds()).toEqual([]);
    await bench.pass(10);
    expect(await bench.kinds()).toEqual(["silent"]);
    await bench.door({ method: "GET", status: 200 });
    expect(await bench.kinds()).toEqual([]);
  });

  it("has not made a pause of its own by that", async () => {
    const bench = await AlertBench.open();
    for (let hour = 0; hour <= 8 * 24; hour += 12) {
      await bench.door({ method: "GET", status: 200 });
      await bench.pass(12 * HOUR);
    }
    await bench.admin({ kind: "pauseSetting", settingId: bench.settingId });
    await bench.pass(20 * DAY);
    await bench.admin({ kind: "resumeSetting", settingId: bench.settingId });
    await bench.door({ method: "GET", status: 200 });
    await bench.pass(36 * HOUR + 10);
    expect(await bench.kinds()).toEqual(["silent"]);
  });
});

describe("a quota", () => {
  it("is told from 80 % on, and over below it", async () => {
    const bench = await AlertBench.open();
    await bench.admin({ kind: "setQuotas", quotas: { people: 5, fields: 2 } });
    for (let n = 0; n < 3; n += 1) await bench.create(`p${n}`);
    expect(await bench.kinds()).toEqual([]);
    const fourth = await bench.client.user("p4");
    expect(await bench.alerts()).toMatchObject([{ kind: "quota", subject: "people", facts: { used: 4, most: 5 } }]);
    await bench.client.deleteUser(fourth);
    expect(await bench.kinds()).toEqual([]);
    await bench.admin({ kind: "createField", field: { key: "a", label: "A", type: "text" } });
    await bench.admin({ kind: "createField", field: { key: "b", label: "B", type: "text" } });
    expect(await bench.alerts()).toMatchObject([{ subject: "fields" }]);
    await bench.admin({ kind: "setQuotas", quotas: { fields: null } });
    expect(await bench.kinds()).toEqual([]);
  });
});
