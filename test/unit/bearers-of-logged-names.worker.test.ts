import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { LogEntry } from "../../src/log/log-entry.ts";
import { readBodies } from "../../src/log/pack-bodies.ts";
import { newId } from "../../src/platform/uuid.ts";
import { EVERY_REQUEST } from "../log/every-request.ts";
import { addSetting, Client, logRowOf, newBench, requestOf } from "../writer/bench.ts";

const ADA = {
  userName: "Straße",
  externalId: "E-7",
  emails: [
    { value: "Ada@Example.com", type: "work" },
    { value: "ada@home.example", type: "home" },
  ],
};

let now = Date.now();

/** A company with Ada and a group, and what its log keeps of requests that ask by a name. */
async function open() {
  const bench = await newBench({ criteria: "none", targetGroupName: "All" });
  const { companyId, settingId } = bench;
  const writer = bench.another({ clock: () => now });
  const client = new Client(writer, settingId);
  await client.send({ kind: "createUser", settingId, document: ADA });
  await client.group("Crew");
  /** Logs a row along with a write, in one commit: one that has to read, or the row would wait for a later one. */
  const log = async (row: Partial<LogEntry>, beside?: () => Promise<unknown>) => {
    const id = newId(Date.now());
    const filter = encodeURIComponent(`userName eq ${JSON.stringify(row.label ?? "")}`);
    const asked = { method: "GET", path: `/scim/v2/Users?filter=${filter}&count=1`, status: 200, ...row };
    const entry = { ...logRowOf(requestOf({ kind: "log", entries: [] }), settingId, asked), id };
    const logged = writer.write(requestOf({ kind: "log", entries: [entry] }));
    await Promise.all([beside?.(), client.deleteUser(newId(Date.now()))]);
    await logged;
    const kept = await env.DB.prepare(
      `SELECT path, label, label_key, detail, bodies FROM ${EVERY_REQUEST} WHERE id = ?`,
    )
      .bind(id)
      .first<Record<"path" | "label" | "label_key" | "detail" | "bodies", string | null>>();
    if (kept === null) throw new Error("not logged");
    return { ...kept, bodies: readBodies(kept.bodies) };
  };
  return { companyId, settingId, writer, client, log };
}

describe("the name that a logged request asks by", () => {
  it.each(["Straße", "STRASSE", "E-7", "ada@example.com", "ADA@home.example", "crew"])(
    "is kept where somebody, or a group, bears it: %s",
    async (label) => {
      const { log } = await open();
      const { path, label: kept } = await log({ label });
      expect(kept).toBe(label);
      expect(decodeURIComponent(path ?? "")).toContain(label);
    },
  );

  it.each(["nobody", "xAda@Example.com", "ada@example.com.x", "E-70"])(
    "is masked where nobody does, with all that quotes it: %s",
    async (label) => {
      const { log } = await open();
      const quoted = `No user is called "${label}".`;
      const said = {
        ...{ detail: quoted, responseBody: JSON.stringify({ detail: quoted }), status: 404, label },
        requestBody: JSON.stringify({ filter: `userName eq "${label}"`, count: 1 }),
      };
      const kept = await log(said);
      expect(JSON.stringify(kept)).not.toContain(label);
      expect(kept).toMatchObject({ label: null, label_key: null, detail: 'No user is called "…".' });
      const query = new URL(kept.path ?? "", "https://x").searchParams;
      expect(Object.fromEntries(query)).toEqual({ filter: 'userName eq "…"', count: "1" });
      expect(kept.bodies.requestBody).toBe('{"filter":"…","count":1}');
      const cut = await log({ ...said, requestBody: `{"filter":"${label}` });
      expect(cut.bodies.requestBody).toBeNull();
    },
  );

  it("is masked where only somebody of another setting bears it, and where it was somebody's before", async () => {
    const { writer, client, settingId, log } = await open();
    const other = await addSetting(writer, { criteria: "none", targetGroupName: "Others" });
    await client.in(other).user("elsewhere");
    expect((await log({ label: "elsewhere" })).label).toBeNull();
    const id = await client.user("before");
    await client.send({ kind: "replaceUser", settingId, id, document: { userName: "after" } });
    // The row may be older than the change.
    expect((await log({ label: "before" })).label).toBe("before");
    now += 61_000;
    expect((await log({ label: "before" })).label).toBeNull();
    expect((await log({ label: "after" })).label).toBe("after");
  });

  it("is kept where the same commit makes who bears it, as providers look before they create", async () => {
    const { client, log } = await open();
    expect((await log({ label: "new@example.com" }, () => client.user("new"))).label).toBe("new@example.com");
    expect((await log({ label: "new group" }, () => client.group("New group"))).label).toBe("new group");
  });

  it("is what a refused request to make somebody gave: an admin has to know whom", async () => {
    const { log } = await open();
    const refused = { method: "POST", path: "/scim/v2/Users", status: 400, code: "invalid_value" };
    expect((await log({ ...refused, label: "nobody" })).label).toBe("nobody");
    expect((await log({ ...refused, method: "PUT", path: "/scim/v2/Users/[name]", label: "nobody" })).label).toBeNull();
    expect((await log({ ...refused, path: "/scim/v2/Users/.Search", label: "nobody" })).label).toBeNull();
  });
});
