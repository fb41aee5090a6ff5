import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import type { ConfigurationOperation, WriteRequest } from "../../src/writer/operation.ts";
import { EVERY_REQUEST } from "../log/every-request.ts";
import { type Bench, logRowOf, newBench, requestOf, requireOutcome } from "./bench.ts";
import { closedGate, FaultyD1, noPause } from "./gate.ts";
import { hookD1 } from "./hooked-d1.ts";
import { RecordingD1 } from "./recording-d1.ts";

const LOST = "D1_ERROR: Network connection lost.";
const isCommit = (text: string) => text.includes("UPDATE companies");

interface Scene extends Bench {
  /** The setting's first token. */
  tokenId: string;
}

/** What an operator asks for, and what D1 must hold once that is acknowledged: a query that finds a row. */
interface Case {
  name: string;
  operation: (scene: Scene) => ConfigurationOperation;
  done: string;
}

const ofSetting = "FROM scim_settings s JOIN companies c USING (company_key) WHERE c.id = ?1 AND s.id = ?2";
const ofCompany = "(SELECT company_key FROM companies WHERE id = ?1)";
const webhook = {
  ...{ id: "hook", url: "https://hooks.example/in", allowsLoopback: false, types: null },
  secret: { id: "first", sealed: "sealed" },
};

const CASES: Case[] = [
  {
    name: "revoking a token",
    operation: ({ settingId, tokenId }) => ({ kind: "revokeToken", settingId, tokenId }),
    done: "SELECT 1 FROM tokens t JOIN scim_settings s USING (setting_key) WHERE s.id = ?2 AND t.revoked_at IS NOT NULL",
  },
  {
    name: "pausing a setting",
    operation: ({ settingId }) => ({ kind: "pauseSetting", settingId }),
    done: `SELECT 1 ${ofSetting} AND s.status = 'paused'`,
  },
  {
    name: "deleting a setting",
    operation: ({ settingId }) => ({ kind: "deleteSetting", settingId, users: "remove" }),
    done: `SELECT 1 ${ofSetting} AND s.deleted_at IS NOT NULL AND (SELECT count(*) FROM replans WHERE company_key = ${ofCompany}) = 2`,
  },
  {
    name: "changing group settings",
    operation: ({ settingId }) => ({
      ...{ kind: "updateSetting", settingId },
      groupSettings: { criteria: "field", field: "department" },
    }),
    done: `SELECT 1 ${ofSetting} AND s.criteria = 'field'`,
  },
  {
    name: "making a token",
    operation: ({ settingId }) => ({
      ...{ kind: "createToken", settingId },
      token: { id: `second ${settingId}`, lastFour: "wxyz", expiresAt: null },
    }),
    done: "SELECT 1 FROM tokens t JOIN scim_settings s USING (setting_key) WHERE s.id = ?2 AND t.id = 'second ' || ?2",
  },
  {
    name: "making a webhook",
    operation: () => ({ kind: "createWebhook", webhook }),
    done: `SELECT 1 FROM webhooks WHERE company_key = ${ofCompany} AND id = 'hook'`,
  },
  {
    name: "making a field",
    operation: () => ({ kind: "createField", field: { key: "site", label: "Site", type: "text" } }),
    done: `SELECT 1 FROM custom_fields WHERE company_key = ${ofCompany} AND field_key = 'site'`,
  },
  {
    name: "renaming the company",
    operation: () => ({ kind: "changeCompany", name: "Renamed" }),
    done: "SELECT 1 FROM companies WHERE id = ?1 AND name = 'Renamed'",
  },
  {
    name: "deleting the company",
    operation: () => ({ kind: "deleteCompany" }),
    done: "SELECT 1 FROM companies WHERE id = ?1 AND deleted_at IS NOT NULL",
  },
];

async function isDone({ companyId, settingId }: Scene, { done }: Case): Promise<boolean> {
  // Not every query asks for both.
  const named = `WITH ids AS (SELECT ?1, ?2) ${done}`;
  return (await env.DB.prepare(named).bind(companyId, settingId).first()) !== null;
}

async function newScene(): Promise<Scene> {
  const bench = await newBench({ criteria: "idp" });
  return { ...bench, tokenId: bench.settingId.replaceAll("-", "") };
}

/** A SCIM write whose commit is in D1, and whose writer died before it could answer. */
async function commitAndDie({ settingId, another }: Scene): Promise<WriteRequest> {
  const gate = closedGate();
  const request = requestOf({ kind: "createUser", settingId, document: { userName: "lost" } }, { settingId });
  const log = logRowOf(request, settingId, { label: "lost" });
  void another({ d1: hookD1(env.DB, { afterCommit: gate.pass }) }).write({ ...request, log });
  await gate.reached;
  return request;
}

/** The door, which never had an answer, hands the request's row of the log over by itself. */
function handOver(writer: CompanyWriter, request: WriteRequest, settingId: string) {
  const entries = [logRowOf(request, settingId, { label: "lost", status: 503 })];
  return writer.write(requestOf({ kind: "log", entries }, { requestId: request.cause.requestId, settingId }));
}

async function commitsOf(companyId: string): Promise<number> {
  return Number(
    await env.DB.prepare("SELECT commit_no FROM companies WHERE id = ?").bind(companyId).first("commit_no"),
  );
}

async function logOf({ cause }: WriteRequest): Promise<unknown[]> {
  const log = env.DB.prepare(`SELECT status FROM ${EVERY_REQUEST} WHERE id = ?`).bind(cause.requestId);
  return (await log.all()).results;
}

describe.each(CASES)("$name, after a write whose answer was lost", (tried) => {
  it("is done when it is acknowledged, in one commit with the row of the log that is there already", async () => {
    const reported = vi.spyOn(console, "error");
    const scene = await newScene();
    const lost = await commitAndDie(scene);
    const before = await commitsOf(scene.companyId);
    const handed = handOver(scene.writer, lost, scene.settingId);
    requireOutcome(await scene.writer.write(requestOf(tried.operation(scene))));
    expect(await isDone(scene, tried)).toBe(true);
    if (tried.name !== "deleting the company") requireOutcome(await handed);
    expect(await logOf(lost)).toEqual([{ status: 201 }]);
    expect(await commitsOf(scene.companyId)).toBe(before + 1);
    expect(reported).not.toHaveBeenCalled();
  });

  it("is done when D1 failed before it did anything, or did it and its answer was lost", async () => {
    for (const when of ["failBefore", "failAfter"] as const) {
      const scene = await newScene();
      const lost = await commitAndDie(scene);
      const faulty = new FaultyD1(env.DB);
      let faults = 1;
      faulty[when] = (text) => (isCommit(text) && faults-- > 0 ? LOST : null);
      const writer = scene.another({ d1: faulty.d1, pause: noPause });
      const handed = handOver(writer, lost, scene.settingId);
      requireOutcome(await writer.write(requestOf(tried.operation(scene))));
      expect(await isDone(scene, tried), when).toBe(true);
      if (tried.name !== "deleting the company") requireOutcome(await handed);
      expect(await logOf(lost), when).toEqual([{ status: 201 }]);
    }
  });

  it("is refused when D1 goes on failing, and nothing of it is there", async () => {
    const scene = await newScene();
    const lost = await commitAndDie(scene);
    const faulty = new FaultyD1(env.DB);
    faulty.failBefore = (text) => (isCommit(text) ? LOST : null);
    const writer = scene.another({ d1: faulty.d1, pause: noPause });
    void handOver(writer, lost, scene.settingId);
    expect(await writer.write(requestOf(tried.operation(scene)))).toMatchObject({ ok: false, status: 503 });
    expect(await isDone(scene, tried)).toBe(false);
  });
});

/** A D1 that says of the first commit that it was lost, and does it just before the batch that `isTime` is true of. */
function landingLate(isTime: (commits: number, text: string) => boolean): D1Database {
  const faulty = new FaultyD1(env.DB);
  let commits = 0;
  let isLate = false;
  faulty.holdsBack = (text) => isCommit(text) && commits === 1;
  faulty.before = async (text) => {
    if (isCommit(text)) commits += 1;
    if (isLate || commits === 0 || !isTime(commits, text)) return;
    isLate = true;
    await faulty.land();
  };
  return faulty.d1;
}

describe("a commit that lands after D1 said that it was lost", () => {
  it.each([
    { when: "before the writer looks", isTime: (_: number, text: string) => text.includes("FROM custom_fields") },
    { when: "between the look and the commit that follows", isTime: (commits: number) => commits === 2 },
  ])("is known by its id: $when", async ({ isTime }) => {
    const scene = await newScene();
    const d1 = landingLate(isTime);
    const request = requestOf({ kind: "createUser", settingId: scene.settingId, document: { userName: "late" } });
    const result = await scene.another({ d1, pause: noPause }).write(request);
    expect(result).toMatchObject({ ok: true, outcome: { kind: "user", user: { document: { userName: "late" } } } });
    const users = env.DB.prepare("SELECT u.id FROM users u JOIN scim_settings s USING (setting_key) WHERE s.id = ?");
    const { results } = await users.bind(scene.settingId).all<{ id: string }>();
    expect(results).toEqual([{ id: result.ok && result.outcome.kind === "user" && result.outcome.user.id }]);
  });

  it("is known to each of its requests, though they run alone by then", async () => {
    const scene = await newScene();
    const faulty = new FaultyD1(env.DB);
    let commits = 0;
    faulty.holdsBack = (text) => isCommit(text) && commits === 1;
    faulty.before = async (text) => {
      if (isCommit(text)) commits += 1;
      else if (commits === 2) await faulty.land();
    };
    faulty.failBefore = (text) => (isCommit(text) && commits === 2 ? "D1_ERROR: datatype mismatch" : null);
    const writer = scene.another({ d1: faulty.d1, pause: noPause });
    const names = ["one", "two", "three"];
    const results = await Promise.all(
      names.map((userName) =>
        writer.write(requestOf({ kind: "createUser", settingId: scene.settingId, document: { userName } })),
      ),
    );
    expect(results.map((result) => result.ok && result.outcome)).toMatchObject(
      names.map((userName) => ({ kind: "user", user: { document: { userName } } })),
    );
  });
});

describe("a commit of which D1 says nothing", () => {
  // What passes is tried again; the other ends the attempts at once.
  it.each([LOST, "D1_ERROR: something that nobody knows"])(
    "wakes the couriers of the webhooks that it changed: %s",
    async (error) => {
      const scene = await newScene();
      requireOutcome(await scene.writer.write(requestOf({ kind: "createWebhook", webhook })));
      const key = await env.DB.prepare(`SELECT webhook_key FROM webhooks WHERE company_key = ${ofCompany}`)
        .bind(scene.companyId)
        .first<number>("webhook_key");
      const faulty = new FaultyD1(env.DB);
      let isFirst = true;
      faulty.failAfter = (text) => {
        if (!isCommit(text) || !isFirst) return null;
        isFirst = false;
        return error;
      };
      const woken: number[] = [];
      const onWebhooks = (keys: readonly number[]) => woken.push(...keys);
      const writer = scene.another({ d1: faulty.d1, pause: noPause, onWebhooks });
      const change = { isEnabled: false };
      requireOutcome(await writer.write(requestOf({ kind: "updateWebhook", webhookId: "hook", change })));
      expect(woken).toEqual([key]);
    },
  );

  it("is not called undone when so many others have followed that it would be forgotten", async () => {
    const scene = await newScene();
    const faulty = new FaultyD1(env.DB);
    faulty.failAfter = (text) => (isCommit(text) ? LOST : null);
    faulty.before = async (text) => {
      if (isCommit(text)) return;
      const others =
        "UPDATE companies SET commit_no = commit_no + 51, recent_commits = '' WHERE id = ? AND name = 'First'";
      await env.DB.prepare(others).bind(scene.companyId).run();
    };
    const writer = scene.another({ d1: faulty.d1, pause: noPause });
    const result = await writer.write(requestOf({ kind: "changeCompany", name: "First" }));
    expect(result).toMatchObject({ ok: false, status: 503, detail: expect.stringContaining("not known") });
  });

  it("leaves its id in the company's row, beside those of the latest others, and writes no row for it", async () => {
    const scene = await newScene();
    const recorder = new RecordingD1(env.DB);
    const request = requestOf({ kind: "pauseSetting", settingId: scene.settingId });
    requireOutcome(await scene.another({ d1: recorder.d1 }).write(request));
    const written = recorder.statements.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
    // The fence, the setting, the change.
    expect(written).toBe(3);
    const ids: unknown[] = [];
    for (let n = 0; n < 60; n += 1) {
      requireOutcome(await scene.writer.write(requestOf({ kind: "changeCompany", name: `Name ${n}` })));
      const company = env.DB.prepare("SELECT commit_id FROM companies WHERE id = ?").bind(scene.companyId);
      ids.unshift(await company.first("commit_id"));
    }
    const company = env.DB.prepare("SELECT recent_commits FROM companies WHERE id = ?").bind(scene.companyId);
    expect(await company.first("recent_commits")).toBe(`${ids.slice(0, 50).join(" ")} `);
  });
});
