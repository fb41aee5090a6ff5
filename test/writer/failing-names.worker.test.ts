import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { foldKey } from "../../src/directory/fold-key.ts";
import { textDigest } from "../../src/platform/text-digest.ts";
import { newId } from "../../src/platform/uuid.ts";
import { newClient } from "../scim-api/scim-client.ts";
import { AlertBench } from "./alert-bench.ts";
import { logRowOf, requestOf } from "./bench.ts";

const [A, B, C] = ["a", "b", "c"].map((letter) => letter.repeat(40));

/** What the rows of refused writes say of whom they met. */
async function subjects(settingId: string): Promise<(string | null)[]> {
  const { results } = await env.DB.prepare(
    `SELECT f.subject, f.name FROM failing_writes f JOIN scim_settings s ON s.setting_key = f.setting_key WHERE s.id = ?
     ORDER BY f.first_at`,
  )
    .bind(settingId)
    .all<{ subject: string; name: string | null }>();
  return results.map(({ subject }) => subject);
}

/** Whom refused writes met, as the present secrets tell it. */
async function refusedUnder(...secrets: (string | undefined)[]): Promise<(string | null)[]> {
  const bench = await AlertBench.open();
  bench.rotate(...secrets);
  await bench.refuse("Ada@Example.com");
  return subjects(bench.settingId);
}

describe("a name that a refused write gave", () => {
  it("is kept as a digest under a key, which who has the table alone cannot try names on", async () => {
    const [plain] = [textDigest(`User ${foldKey("Ada@Example.com")}`)];
    const [underA, underB] = [await refusedUnder(A), await refusedUnder(B)];
    expect(underA).toHaveLength(1);
    for (const [subject] of [underA, underB]) {
      expect(subject).toMatch(/^[0-9a-f]{16}\.[0-9a-f]{32}$/);
      expect(subject).not.toContain(plain);
    }
    // Another key, and another company under the same key, give another digest.
    expect(underA).not.toEqual(underB);
    expect(await refusedUnder(A)).not.toEqual(underA);
  });

  it("is kept under the deployment's key by the writer that answers requests", async () => {
    const client = await newClient();
    for (let n = 0; n < 2; n += 1)
      await client.send("POST", "/Users", { userName: "ada", name: { givenName: { a: 1 } }, active: "perhaps" });
    await client.send("POST", "/Users", { userName: "bob" });
    await client.send("POST", "/Users", { userName: "bob" });
    const found = await subjects(client.settingId);
    expect(found.length).toBeGreaterThan(0);
    for (const subject of found) expect(subject).toMatch(/^[0-9a-f]{16}\.[0-9a-f]{32}$/);
  });

  it("is kept as nobody's where no secret is set, or only one that can be guessed", async () => {
    expect(await refusedUnder("")).toEqual([""]);
    expect(await refusedUnder("short")).toEqual([""]);
  });
});

describe("refused writes under a rotated secret", () => {
  it("are counted on and made good while the one before is accepted, twice in a row", async () => {
    const bench = await AlertBench.open();
    bench.rotate(A);
    await bench.refuse("ada");
    bench.rotate(B, A);
    await bench.refuse("ada");
    bench.rotate(C, B);
    await bench.refuse("ada");
    expect(await bench.alerts()).toMatchObject([{ kind: "failing", count: 3 }]);
    expect(await bench.failing()).toBe(1);
    bench.rotate(A, C);
    await bench.create("ada");
    expect(await bench.failing()).toBe(0);
  });

  it("go with the next write once nothing can tell any more whom they met", async () => {
    const bench = await AlertBench.open();
    bench.rotate(A);
    await bench.refuse("ada");
    await env.DB.prepare("UPDATE failing_writes SET subject = ? WHERE subject <> ''")
      .bind(textDigest("User ada"))
      .run();
    bench.rotate(A);
    await bench.create("bob");
    expect(await bench.failing()).toBe(0);
    await bench.refuse("ada");
    bench.rotate(B);
    await bench.create("carl");
    expect(await bench.failing()).toBe(0);
  });
});

describe("what is kept of refused writes about a person who is erased", () => {
  const ada = {
    userName: "Ada.L",
    externalId: "E-Straße-7",
    displayName: "Ada Lovelace",
    emails: [
      { value: "ada@work.example", type: "work" },
      { value: "ada@home.example", type: "home" },
    ],
  };
  const names = ["ada.l", "E-STRASSE-7", "ada lovelace", "ADA@work.example", "ada@home.example", "Former.Name"];

  it.each(names)("goes with it, whichever of its names the request gave: %s", async (name) => {
    const bench = await AlertBench.open();
    const id = await bench.client.user("Former.Name");
    await bench.client.send({ kind: "replaceUser", settingId: bench.settingId, id, document: ada });
    await bench.refuse(name);
    await bench.refuse("somebody else");
    await bench.client.deleteUser(id);
    await bench.client.deleteUser(id);
    expect(await bench.failing()).toBe(1);
  });

  it("goes with it when the last request was refused in the very commit that removes it", async () => {
    const bench = await AlertBench.open();
    const id = await bench.client.user("ada");
    const cause = { requestId: newId(bench.now), actor: "scim", settingId: bench.settingId, provider: null } as const;
    const request = requestOf({ kind: "log", entries: [] }, cause);
    const entry = logRowOf(request, bench.settingId, { status: 400, code: "invalid_value", label: "ada" });
    // Rows of the log wait for a commit that takes them along.
    const logged = bench.writer.write({ operation: { kind: "log", entries: [entry] }, cause });
    await bench.client.deleteUser(id);
    await logged;
    expect(await bench.failing()).toBe(0);
  });
});
