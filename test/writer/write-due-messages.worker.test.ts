import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { IS_WHOLE } from "../generated-cases.ts";
import { AlertBench, DAY, HOUR, MINUTE } from "./alert-bench.ts";
import { idOf } from "./bench.ts";

describe("messages about alerts", () => {
  it("go once at an opening, once a day while it is open, and never about what passes", async () => {
    const bench = await AlertBench.open();
    await bench.listen();
    for (let n = 0; n < 3; n += 1) await bench.refuse("ada");
    await bench.pass(5 * MINUTE);
    await bench.create("ada");
    await bench.pass(DAY);
    expect(await bench.feed()).toEqual(["alert.opened failing", "alert.closed failing"]);
    expect(await bench.messages()).toEqual([]);
    await bench.admin({ kind: "revokeToken", settingId: bench.settingId, tokenId: bench.token("first") });
    await bench.pass(2 * MINUTE);
    expect(await bench.messages()).toEqual(["Entra has no credential (Acme)"]);
    await bench.pass(2 * DAY);
    const still = "Still so: Entra has no credential (Acme)";
    expect(await bench.messages()).toEqual(["Entra has no credential (Acme)", still, still]);
    const [alert] = await bench.alerts();
    await bench.admin({ kind: "dismissAlert", alertId: alert?.id ?? "" });
    await bench.pass(5 * DAY);
    expect(await bench.messages()).toHaveLength(3);
  });

  it("are one for many of a kind", async () => {
    const bench = await AlertBench.open();
    await bench.listen();
    for (const code of ["invalid_value", "missing_attribute", "malformed_patch"])
      for (let n = 0; n < 3; n += 1) await bench.refuse(`of ${code}`, code);
    await bench.pass(HOUR);
    expect(await bench.messages()).toHaveLength(1);
    expect((await bench.messages())[0]).toContain("and 2 more");
  });

  it("of a credential's end come at 30 days, at 14, 7 and 1, and when it has ended", async () => {
    const bench = await AlertBench.open(Date.parse("2026-06-01T08:00:00Z"));
    await bench.listen();
    const other = { id: bench.token("other"), lastFour: "bbbb", expiresAt: null };
    await bench.admin({ kind: "createToken", settingId: bench.settingId, token: other });
    const days: number[] = [];
    let told = 0;
    for (let left = 40; left > -10; left -= 1) {
      await bench.until(Date.parse("2026-06-01T08:30:00Z") - left * DAY);
      const count = (await bench.messages()).filter((subject) => subject.includes("token ending")).length;
      if (count > told) days.push(left);
      told = count;
    }
    expect(days).toEqual([30, 14, 7, 1, 0]);
    expect(told).toBe(5);
  });

  it("are none while work is announced; what is open when it ends is told then", async () => {
    const bench = await AlertBench.open();
    await bench.listen();
    await bench.admin({ kind: "planWork", until: bench.now + 4 * HOUR, note: "Migration" });
    await bench.admin({ kind: "revokeToken", settingId: bench.settingId, tokenId: bench.token("first") });
    await bench.pass(4 * HOUR - 1);
    expect(await bench.messages()).toEqual([]);
    expect(await bench.kinds()).toEqual(["no_credential"]);
    await bench.pass(MINUTE);
    expect(await bench.messages()).toEqual(["Entra has no credential (Acme)"]);
  });

  it("come at once when announced work ends early, and later when it is announced for longer", async () => {
    const bench = await AlertBench.open();
    await bench.listen();
    const plan = (hours: number | null) =>
      bench.admin({ kind: "planWork", until: hours === null ? null : bench.now + hours * HOUR, note: "" });
    await plan(4);
    await bench.admin({ kind: "revokeToken", settingId: bench.settingId, tokenId: bench.token("first") });
    await bench.pass(3 * HOUR);
    await plan(10 * 24);
    await bench.pass(5 * HOUR);
    expect(await bench.messages()).toEqual([]);
    await plan(null);
    await bench.pass(0);
    expect(await bench.messages()).toEqual(["Entra has no credential (Acme)"]);
  });

  it("go to those who are added while something is open", async () => {
    const bench = await AlertBench.open();
    await bench.admin({ kind: "revokeToken", settingId: bench.settingId, tokenId: bench.token("first") });
    await bench.pass(DAY);
    expect(await bench.messages()).toEqual([]);
    await bench.listen();
    await bench.pass(MINUTE);
    expect(await bench.messages()).toEqual(["Entra has no credential (Acme)"]);
  });
});

describe("what is kept of alerts", () => {
  it("names nobody: no row, no event of the feed and no message has a name of whom a refusal met", async () => {
    const bench = await AlertBench.open();
    await bench.listen();
    const made = await bench.client.user("zelda@example.com");
    for (let n = 0; n < 3; n += 1) {
      await bench.refuse("zelda@example.com");
      await bench.refuse("zoltan@example.com", "user_name_taken");
      await bench.door({ method: "PATCH", status: 400, code: "invalid_value", resourceId: made, label: "zelda" });
      await bench.door({ method: "PATCH", status: 404, code: "no_such_user", label: "zelda@example.com" });
    }
    await bench.pass(HOUR);
    expect(await bench.kinds()).toEqual(["failing", "failing", "failing"]);
    expect(await bench.messages()).toHaveLength(1);
    const kept = async () => {
      const ofCompany = "company_key = (SELECT company_key FROM companies WHERE id = ?1)";
      const answers = await env.DB.batch([
        env.DB.prepare(`SELECT * FROM alerts WHERE ${ofCompany}`).bind(bench.companyId),
        env.DB.prepare(`SELECT * FROM messages WHERE ${ofCompany}`).bind(bench.companyId),
        env.DB.prepare(`SELECT * FROM changes WHERE type LIKE 'alert.%' AND ${ofCompany}`).bind(bench.companyId),
        env.DB.prepare(
          `SELECT * FROM failing_writes WHERE setting_key IN (SELECT setting_key FROM scim_settings WHERE ${ofCompany})`,
        ).bind(bench.companyId),
      ]);
      return answers.map(({ results }) => results);
    };
    expect((await kept()).every((rows) => rows.length > 0)).toBe(true);
    expect(JSON.stringify(await kept())).not.toMatch(/zelda|zoltan/i);
    await bench.client.deleteUser(made);
    // What is kept of her goes with her, the digests of her name too.
    expect(await bench.failing()).toBe(1);
    expect(await bench.kinds()).toEqual(["failing"]);
  });
});

/** A working day of an identity provider: it asks, changes somebody, and is refused now and then what it then mends. */
async function workingDay(bench: AlertBench, day: number): Promise<void> {
  const start = bench.now;
  await bench.until(start + 8 * HOUR);
  await bench.door({ method: "GET", status: 200, tokenId: bench.token(day < 300 ? "first" : "second") });
  await bench.until(start + 17 * HOUR);
  await bench.create(`p${day}`);
  if (day % 9 > 0) return;
  await bench.refuse(`q${day}`);
  await bench.pass(40 * MINUTE);
  await bench.create(`q${day}`);
}

describe("a normal company", () => {
  it.runIf(IS_WHOLE)("hears fewer than twelve times in a year", async () => {
    const bench = await AlertBench.open(Date.parse("2027-01-10T08:00:00Z"));
    await bench.listen();
    const start = Date.parse("2026-03-02T00:00:00Z") + DAY;
    let rotated = false;
    for (let day = 0; day < 365; day += 1) {
      await bench.until(start + day * DAY);
      // A week of holidays in which the provider stands still.
      const isHoliday = day >= 298 && day < 305;
      const weekday = new Date(bench.now).getUTCDay();
      if (weekday > 0 && weekday < 6 && !isHoliday) await workingDay(bench, day);
      if (day === 290 && !rotated) {
        rotated = true;
        const token = { id: bench.token("second"), lastFour: "bbbb", expiresAt: bench.now + 700 * DAY };
        await bench.admin({ kind: "createToken", settingId: bench.settingId, token });
      }
    }
    const messages = await bench.messages();
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.length).toBeLessThan(12);
    expect(messages[0]).toContain("token ending in aaaa");
    expect(await bench.kinds()).toEqual([]);
  });

  it("hears of nothing when a client empties and refills its groups, nor in a first sync", async () => {
    const bench = await AlertBench.open();
    await bench.listen();
    const { client } = bench;
    const ids: string[] = [];
    for (let n = 0; n < 30; n += 1) {
      await bench.door({ method: "GET", status: 200, label: `p${n}` });
      ids.push(await client.user(`p${n}`));
    }
    // A group that names people who come later, as some first syncs send it; it is sent again when they are there.
    await bench.door({ method: "POST", status: 400, code: "no_such_member", resourceType: "Group", label: "Crew" });
    const crew = idOf(await client.postGroup("Crew", ids));
    for (let round = 0; round < 3; round += 1) {
      await client.putGroup(crew, "Crew", []);
      await bench.pass(MINUTE);
      await client.putGroup(crew, "Crew", ids);
      await bench.pass(HOUR);
    }
    await bench.create("somebody");
    await bench.pass(2 * DAY);
    expect(await bench.messages()).toEqual([]);
    expect(await bench.kinds()).toEqual([]);
  });
});

describe("what alerts cost", () => {
  /** Statements and rows written by what is done. */
  async function costOf(bench: AlertBench, act: () => Promise<unknown>): Promise<{ trips: number; rows: number }> {
    let trips = 0;
    let rows = 0;
    const d1 = new Proxy(env.DB, {
      get: (target, name) => {
        const value = Reflect.get(target, name);
        if (name !== "batch") return typeof value === "function" ? value.bind(target) : value;
        return async (statements: D1PreparedStatement[]) => {
          trips += 1;
          const answers = await target.batch(statements);
          rows += answers.reduce((sum, { meta }) => sum + (meta.rows_written ?? 0), 0);
          return answers;
        };
      },
    });
    const { writer } = bench;
    bench.writer = bench.with(d1);
    await bench.client.deleteUser("nobody");
    [trips, rows] = [0, 0];
    await act();
    bench.writer = writer;
    return { trips, rows };
  }

  it("is nothing for a normal write: what is kept of its setting's use is in a row that is written anyway", async () => {
    const bench = await AlertBench.open();
    const id = await bench.client.user("ada");
    const patch = () =>
      bench.client.patchUser(id, { op: "replace", path: "title", value: `x${Math.random()}` }).then(() => undefined);
    await patch();
    // Its user, its entry in the feed, the company's row; no alert, no refusal, no time to look again.
    const before = await countRows(bench);
    const cost = await costOf(bench, patch);
    expect(cost.trips).toBe(2);
    expect(await countRows(bench)).toEqual(before);
  });

  it("is a row for whom a refusal met, however often, and one for its alert", async () => {
    const bench = await AlertBench.open();
    const rows = async () => [await bench.failing(), (await bench.alerts()).length];
    for (let n = 0; n < 2; n += 1) await bench.refuse("ada");
    expect(await rows()).toEqual([1, 0]);
    for (let n = 0; n < 5; n += 1) await bench.refuse("ada");
    expect(await rows()).toEqual([1, 1]);
  });

  it("is one review and three rows in a day of a company that is well", async () => {
    const bench = await AlertBench.open();
    for (let hour = 0; hour < 9 * 24; hour += 6) {
      await bench.door({ method: "GET", status: 200 });
      await bench.pass(6 * HOUR);
    }
    let reviews = 0;
    let rows = 0;
    for (let hour = 0; hour < 24; hour += 6) {
      await bench.door({ method: "GET", status: 200 });
      const end = bench.now + 6 * HOUR;
      for (;;) {
        const dueAt = await bench.dueAt();
        if (dueAt === null || dueAt > end) break;
        bench.now = Math.max(bench.now, dueAt);
        const cost = await costOf(bench, () => bench.writer.reviewAlerts());
        reviews += 1;
        rows += cost.rows;
      }
      bench.now = end;
    }
    // The company's row by the fence, again with the time of the next review, and that in its index.
    expect([reviews, rows]).toEqual([1, 3]);
    expect(await bench.kinds()).toEqual([]);
  });
});

async function countRows(bench: AlertBench): Promise<unknown> {
  return env.DB.prepare(
    `SELECT (SELECT count(*) FROM alerts) AS alerts, (SELECT count(*) FROM failing_writes) AS failing,
      (SELECT count(*) FROM messages) AS messages, (SELECT alerts_due_at FROM companies WHERE id = ?) AS due`,
  )
    .bind(bench.companyId)
    .first();
}
