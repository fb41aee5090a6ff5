import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KEY_SPAN } from "../../src/platform/row-keys.ts";
import type { Operation } from "../../src/writer/operation.ts";
import { AT_END } from "../../src/writer/retry-refused-follow-ups.ts";
import { getPage, signInAdmin } from "../console/sign-in-to.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";
import { addSetting, Client, finishFollowUps, newBench, requestOf, requireOutcome, targetMembers } from "./bench.ts";
import { moveFence } from "./foreign-commit.ts";

const TEN_MINUTES = 10 * 60_000;
let logged: ReturnType<typeof vi.spyOn>;
const told = () => logged.mock.calls.map(([line]: unknown[]) => JSON.parse(String(line)).error.message);

beforeEach(() => {
  logged = vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => logged.mockRestore());

async function heldUp(companyId: string) {
  return must(await operate("GET", `/companies/${companyId}`), 200).heldUpWork;
}

async function enrolledIn(companyId: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT u.user_name FROM enrolments e JOIN users u USING (user_key) JOIN companies c ON c.company_key = e.company_key
     WHERE c.id = ? ORDER BY u.user_name`,
  )
    .bind(companyId)
    .all<{ user_name: string }>();
  return results.map(({ user_name }) => user_name);
}

async function setKeys(companyId: string, key: number): Promise<void> {
  await env.DB.prepare("UPDATE companies SET next_key = ?2, commit_no = commit_no + 1 WHERE id = ?1")
    .bind(companyId, key)
    .run();
}

/** A company of which a group with 3 members has just been told to enrol them, and whose keys are gone since. */
async function outOfKeys() {
  const bench = await newBench({ criteria: "idp" });
  const client = new Client(bench.writer, bench.settingId);
  await client.group("Crew", [await client.user("one"), await client.user("two"), await client.user("three")]);
  const [crew] = must(await operate("GET", `/companies/${bench.companyId}/target-groups`), 200).items;
  const items = [{ kind: "training" as const, id: "course", name: "Course" }];
  const operation: Operation = { kind: "setAutoEnrolments", targetGroupId: crew.id, items };
  requireOutcome(await bench.writer.write(requestOf(operation)));
  await setKeys(bench.companyId, KEY_SPAN - 1);
  return { ...bench, client };
}

describe("work that a company has no keys for any more", () => {
  it("stays where it is, enrols nobody by chance, and is told of in the API and the console", async () => {
    const { companyId, another } = await outOfKeys();
    await finishFollowUps(another());
    expect(await enrolledIn(companyId)).toEqual([]);
    expect(await heldUp(companyId)).toMatchObject([{ kind: "enrolMembers", code: "keys_used_up", leftOut: null }]);
    expect(told()).toContainEqual(expect.stringContaining("enrolMembers rests"));
    const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
      .bind(companyId)
      .first("company_key");
    const page = await getPage(`/console/companies/${companyId}/settings`, await signInAdmin(Number(key)));
    expect(await page.text()).toContain("A change has not come to everybody");
  });

  it("rests for ten minutes, whoever asks, and is done wholly once there are keys", async () => {
    const { companyId, another } = await outOfKeys();
    let now = Date.now();
    const writer = another({ clock: () => now });
    await finishFollowUps(writer);
    const lines = told().length;
    expect(await writer.followUp()).toBe(false);
    expect(await another({ clock: () => now }).followUp()).toBe(false);
    now += TEN_MINUTES - 1;
    expect(await writer.followUp()).toBe(false);
    expect(told()).toHaveLength(lines);
    await setKeys(companyId, 10_000);
    now += 1;
    await finishFollowUps(another({ clock: () => now }));
    expect(await enrolledIn(companyId)).toEqual(["one", "three", "two"]);
    expect(await heldUp(companyId)).toEqual([]);
  });

  it("lets nothing go ahead that builds upon it, and does not keep what was deleted", async () => {
    const { companyId, another } = await outOfKeys();
    await setKeys(companyId, 10_000);
    const other = another();
    const gone = await addSetting(other, { criteria: "none", targetGroupName: "All" });
    const left = new Client(other, gone);
    await left.user("gone");
    const kept = await addSetting(other, { criteria: "none", targetGroupName: "All" });
    await new Client(other, kept).user("kept");
    requireOutcome(
      await other.write(
        requestOf({
          kind: "updateSetting",
          settingId: kept,
          groupSettings: { criteria: "none", targetGroupName: "Others" },
        }),
      ),
    );
    requireOutcome(await other.write(requestOf({ kind: "deleteSetting", settingId: gone, users: "remove" })));
    await setKeys(companyId, KEY_SPAN);
    await finishFollowUps(another());
    const names = must(await operate("GET", `/companies/${companyId}/target-users`), 200).items.map(
      ({ userName }: { userName: string }) => userName,
    );
    expect(names.sort()).toEqual(["kept", "one", "three", "two"]);
    expect(await targetMembers(companyId)).toMatchObject({ All: ["kept"], Others: [] });
    const later = another({ clock: () => Date.now() + TEN_MINUTES });
    await setKeys(companyId, 20_000);
    await finishFollowUps(later);
    expect(await targetMembers(companyId)).toMatchObject({ All: [], Others: ["kept"] });
    expect(await heldUp(companyId)).toEqual([]);
  });
});

describe("somebody whom no row can hold", () => {
  /** A company of which one person, with a mapping now in force, would be too large; gives that person's id. */
  async function withGiant() {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    const write = (operation: Operation) => bench.writer.write(requestOf(operation));
    const { settingId } = bench;
    // A long value is kept only where a field reads it.
    const mapped = [{ field: "lastName", path: "title" }];
    requireOutcome(await write({ kind: "updateSetting", settingId, fieldMappings: mapped }));
    await finishFollowUps(bench.writer);
    const id = await client.user("giant", undefined, { title: "x" });
    // An earlier version took texts of this length.
    await env.DB.prepare("UPDATE users SET document = json_set(document, '$.title', ?1), last_name = ?1 WHERE id = ?2")
      .bind("漢".repeat(131_000), id)
      .run();
    await moveFence(bench.companyId);
    await client.user("last", undefined, { title: "Boss" });
    const fieldMappings = ["department", "firstName", "lastName", "phoneNumber"].map((field) => ({
      field,
      path: "title",
    }));
    requireOutcome(await write({ kind: "updateSetting", settingId, fieldMappings }));
    return { ...bench, client, id };
  }

  it("is left out for now, which is told, and is brought along once it can be held", async () => {
    const { companyId, writer, another, client, id } = await withGiant();
    await finishFollowUps(writer);
    const departments = async () => {
      const { items } = must(await operate("GET", `/companies/${companyId}/target-users`), 200);
      return items.map(({ fields }: { fields: { department: string | null } }) => fields.department);
    };
    expect(await departments()).toEqual([null, "Boss"]);
    expect(await heldUp(companyId)).toMatchObject([{ kind: "regroupUsers", code: "resource_too_large", leftOut: 1 }]);
    expect(told()).toEqual([expect.stringContaining(id)]);
    const later = another({ clock: () => Date.now() + TEN_MINUTES });
    await finishFollowUps(later);
    expect(await heldUp(companyId)).toMatchObject([{ leftOut: 1 }]);
    requireOutcome(await client.through(later).patchUser(id, { op: "replace", path: "title", value: "Clerk" }));
    await finishFollowUps(another({ clock: () => Date.now() + 2 * TEN_MINUTES }));
    expect(await heldUp(companyId)).toEqual([]);
    expect(await departments()).toEqual(["Clerk", "Boss"]);
  });

  it("is forgotten with the person", async () => {
    const { companyId, writer, another, client, id } = await withGiant();
    await finishFollowUps(writer);
    requireOutcome(await client.deleteUser(id));
    await finishFollowUps(another({ clock: () => Date.now() + TEN_MINUTES }));
    expect(await heldUp(companyId)).toEqual([]);
  });

  it("keeps the place of a walk within what SQLite and JavaScript count exactly", async () => {
    const place = await env.DB.prepare("SELECT ?1 + 0 AS place").bind(AT_END).first("place");
    expect(place).toBe(AT_END);
  });
});
