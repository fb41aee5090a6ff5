import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import { compareFold, follow, type Read, readPicture } from "../changes/company-picture.ts";
import { FeedFold } from "../changes/feed-fold.ts";
import { DEATHS_APART } from "../generated-cases.ts";
import { fillGroup, fillWithUsers } from "../providers/crowd.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";
import {
  type Bench,
  Client,
  finishFollowUps,
  NO_BRAKE,
  newBench,
  requestOf,
  requireOutcome,
  targetMembers,
} from "./bench.ts";
import { moveFence } from "./foreign-commit.ts";
import { workUntilDeath } from "./mortal-writer.ts";
import { enrolIn, feedSince } from "./target-side.ts";

const SOME = 350;

/** A company with a training for everybody in "All", and a setting in shadow. */
async function inShadow(groupSettings: GroupSettingsInput) {
  const bench = await newBench({ criteria: "none", targetGroupName: "All" });
  await enrolIn(bench, "All", [{ kind: "training", id: "t", name: "T" }]);
  const settingId = newId(Date.now());
  const made = { id: settingId, name: "Shadow", provider: "other", mode: "shadow", safeguards: NO_BRAKE } as const;
  requireOutcome(
    await bench.writer.write(requestOf({ kind: "createSetting", ...made, fieldMappings: [], groupSettings })),
  );
  const path = `/companies/${bench.companyId}/scim-settings/${settingId}`;
  const shadow = async () => must(await operate("GET", path), 200).shadow;
  const goLive = async (writer: CompanyWriter, version?: string) => {
    const request = { kind: "goLive", settingId, version: version ?? (await shadow()).version } as const;
    requireOutcome(await writer.write(requestOf(request, { actor: "operator" })));
  };
  return { bench, settingId, client: new Client(bench.writer, settingId), shadow, goLive };
}

/** Many people in shadow, all in one group of the identity provider and in a target group that enrols. */
async function crowd(count: number) {
  const stage = await inShadow({ criteria: "idp", targetGroupName: "All" });
  const group = await stage.client.group("Crew");
  await fillWithUsers({ companyId: stage.bench.companyId, settingId: stage.settingId }, count);
  await fillGroup(group);
  return { ...stage, group };
}

/** Has a setting go live by a writer that dies after a trip to D1, and by another one after it; gives whether it died. */
async function goLiveAndDie(
  { bench, shadow, goLive }: Awaited<ReturnType<typeof crowd>>,
  trip: number,
): Promise<boolean> {
  const { version } = await shadow();
  const isDead = await workUntilDeath(bench, trip, async (mortal) => {
    await goLive(mortal, version);
    await finishFollowUps(mortal);
  });
  const successor = bench.another();
  await finishFollowUps(successor);
  // Its decision may have died with it; asked again it is done once.
  await goLive(successor, version);
  await finishFollowUps(successor);
  return isDead;
}

/** Everybody was told of once, joined once, and was enrolled once. */
async function judgeCrowd(bench: Bench, count: number): Promise<void> {
  const members = await targetMembers(bench.companyId);
  expect([members.Crew?.length, members.All?.length]).toEqual([count, count]);
  const feed = await feedSince(bench, 0);
  const told = (type: string) =>
    feed.filter((entry) => entry.type === type).map(({ userId, data }) => `${userId} ${data.groupName}`);
  for (const [type, times] of [
    ["user.created", 1],
    ["member.added", 2],
    ["enrolment.started", 1],
  ] as const) {
    expect(told(type), type).toHaveLength(count * times);
    expect(new Set(told(type)).size, type).toBe(count * times);
  }
  const left = await env.DB.prepare(
    `SELECT count(*) AS n FROM scim_settings s JOIN companies c ON c.company_key = s.company_key
     WHERE c.id = ? AND (s.shadow_after IS NOT NULL OR s.shadow_until IS NOT NULL)`,
  )
    .bind(bench.companyId)
    .first<number>("n");
  expect(left).toBe(0);
}

describe("going live", () => {
  it("comes to the same when the writer dies after any of its trips to D1, or before the first", async () => {
    for (let trip = 0; ; trip += DEATHS_APART) {
      const stage = await crowd(SOME);
      const isDead = await goLiveAndDie(stage, trip);
      await judgeCrowd(stage.bench, SOME);
      if (!isDead) break;
    }
  });

  it("shows people as they come out, serves whoever joins meanwhile at once, and forgets whoever goes", async () => {
    const { bench, client, group, goLive } = await crowd(700);
    const read: Read = async (path) => must(await operate("GET", `/companies/${bench.companyId}${path}`), 200);
    const fold = new FeedFold();
    const judge = async () => {
      await follow(read, fold);
      expect(compareFold(fold, await readPicture(read))).toEqual([]);
    };
    const namesIn = async (name: string) => new Set((await targetMembers(bench.companyId))[name]);
    await goLive(bench.writer);
    await judge();
    const early = await client.user("early");
    requireOutcome(await client.patchGroup(group, { op: "add", path: "members", value: [{ value: early }] }));
    expect(await namesIn("Crew")).toEqual(new Set(["early"]));
    await bench.writer.followUp();
    expect((await namesIn("Crew")).size).toBe(301);
    await judge();
    const ids = await env.DB.prepare(
      "SELECT id, user_name FROM users WHERE user_name IN ('user5', 'user600', 'user601', 'user602') AND company_key = (SELECT company_key FROM companies WHERE id = ?) ORDER BY user_key",
    )
      .bind(bench.companyId)
      .all<{ id: string }>();
    const [out = "", gone = "", idle = "", lonely = ""] = ids.results.map(({ id }) => id);
    requireOutcome(await client.deleteUser(out));
    requireOutcome(await client.deleteUser(gone));
    requireOutcome(await client.patchUser(idle, { op: "replace", path: "active", value: false }));
    requireOutcome(await client.patchGroup(group, { op: "remove", path: `members[value eq "${lonely}"]` }));
    expect((await namesIn("All")).has("user602")).toBe(false);
    await judge();
    await bench.writer.followUp();
    await judge();
    await finishFollowUps(bench.writer);
    await judge();
    const crew = await namesIn("Crew");
    expect(crew.size).toBe(697);
    expect(["user5", "user600", "user601", "user602"].filter((name) => crew.has(name))).toEqual([]);
    expect((await namesIn("All")).size).toBe(698);
  });

  it("rests at whom it cannot go past, and goes on from there", async () => {
    const { bench, goLive } = await crowd(SOME);
    await goLive(bench.writer);
    const setKeys = async (sql: string) => {
      await env.DB.prepare(`UPDATE companies SET next_key = ${sql} WHERE id = ?`).bind(bench.companyId).run();
      await moveFence(bench.companyId);
    };
    const sql = "SELECT next_key FROM companies WHERE id = ?";
    const next = (await env.DB.prepare(sql).bind(bench.companyId).first<number>("next_key")) ?? 0;
    await setKeys(`${2 ** 32 - 310}`);
    const writer = bench.another();
    await finishFollowUps(writer);
    const held = await env.DB.prepare(
      "SELECT refusal FROM replans WHERE kind = 'goLive' AND company_key = (SELECT company_key FROM companies WHERE id = ?)",
    )
      .bind(bench.companyId)
      .first<string>("refusal");
    expect(held).toBe("keys_used_up");
    const shown = must(await operate("GET", `/companies/${bench.companyId}/target-users?limit=200`), 200);
    expect(shown.items).toHaveLength(200);
    await setKeys(`${next + 1_000_000}`);
    const later = bench.another({ clock: () => Date.now() + 3_600_000 });
    await finishFollowUps(later);
    await judgeCrowd(bench, SOME);
  });
});

describe("deleting a setting that is going live", () => {
  it.each(["keep", "remove"] as const)("with users=%s leaves nobody in shadow behind", async (users) => {
    const { bench, settingId, goLive } = await crowd(SOME);
    await goLive(bench.writer);
    await bench.writer.followUp();
    requireOutcome(
      await bench.writer.write(requestOf({ kind: "deleteSetting", settingId, users }, { actor: "admin" })),
    );
    await finishFollowUps(bench.writer);
    const { results } = await env.DB.prepare(
      "SELECT count(*) AS n FROM users WHERE company_key = (SELECT company_key FROM companies WHERE id = ?)",
    )
      .bind(bench.companyId)
      .all<{ n: number }>();
    const kept = users === "keep" ? 300 : 0;
    expect(results[0]?.n).toBe(kept);
    expect((await targetMembers(bench.companyId)).All).toHaveLength(kept);
    const told = await feedSince(bench, 0);
    expect(told.filter(({ type }) => type === "user.created")).toHaveLength(300);
    expect(told.filter(({ type }) => type === "user.deleted")).toHaveLength(300 - kept);
  });
});
