import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { lostNameOf } from "../../src/directory/name-lost-by-folding.ts";
import { PRESENT_FORM } from "../../src/platform/stored-row-forms.ts";
import { CompanyWriter } from "../../src/writer/company-writer.ts";
import { IS_WHOLE } from "../generated-cases.ts";
import { type Bench, Client, finishFollowUps, idOf, newBench, targetMembers } from "./bench.ts";
import { hookD1 } from "./hooked-d1.ts";
import { age, forgetForm } from "./old-company.ts";
import {
  judge,
  lookAt,
  namesIn,
  notesOf,
  OF_COMPANY,
  type OldCompany,
  oldCompany,
  oldForms,
  openByPerson,
} from "./old-twins.ts";
import { openEnrolments } from "./target-side.ts";
import { UNHEARD } from "./unheard.ts";

describe("a company filled by a version of the former rules", () => {
  let old: OldCompany;
  let openBefore: Record<string, string> = {};

  beforeAll(async () => {
    old = await oldCompany();
    openBefore = await openEnrolments(old.bench);
  });

  it("is in the present form when all steps are done, and its feed folds to that", async () => {
    await finishFollowUps(old.bench.another());
    expect(await oldForms(old)).toEqual([]);
    expect(await judge(old)).toEqual([]);
    const form = "SELECT stored_form, stored_form_commit = commit_id AS isCurrent FROM companies WHERE id = ?";
    const row = await env.DB.prepare(form).bind(old.bench.companyId).first();
    expect(row).toEqual({ stored_form: PRESENT_FORM, isCurrent: 1 });
  });

  it("leaves a name that is two rows' to the older one, drops neither, and tells of it", async () => {
    const { companyId } = old.bench;
    const users = await namesIn(companyId, "users", ["user_key", "user_name", "user_name_key"]);
    expect(users.slice(0, 4).map(({ name, key }) => [name, lostNameOf(key) ?? "own"])).toEqual([
      ["Straße", "own"],
      ["STRASSE", "strasse"],
      ["ΝΙΚΟΣ", "own"],
      ["νικοσ", "νικοσ"],
    ]);
    expect(await targetMembers(companyId)).toMatchObject({
      ΝΙΚΟΣ: ["one of two", "ΝΙΚΟΣ"],
      νικοσ: ["νικοσ"],
      Fuß: ["in Fuß"],
      FUSS: ["in FUSS"],
    });
    expect(await notesOf(old)).toEqual(
      [
        "STRASSE name_shared userName STRASSE",
        "in FUSS name_shared userName in FUSS",
        "νικοσ name_shared userName νικοσ",
        "νικοσ name_shared displayName νικοσ",
        ...Array(3).fill(["null name_shared displayName FUSS", "null name_shared displayName νικοσ"]).flat(),
        "null emptied title null",
        "null renewal_withdraws title Course W (1), Course V (1)",
      ].sort(),
    );
  });

  it("puts what is told under what needs attention, and counts it as no request", async () => {
    const ofSettings = `setting_key IN (SELECT setting_key FROM scim_settings WHERE ${OF_COMPANY})`;
    const { results } = await env.DB.prepare(
      `SELECT DISTINCT kind, path FROM sent_not_used WHERE ${ofSettings} ORDER BY 1, 2`,
    )
      .bind(old.bench.companyId)
      .all();
    expect(results).toEqual([
      { kind: "emptied", path: "title" },
      { kind: "name_shared", path: "displayName" },
      { kind: "name_shared", path: "userName" },
      { kind: "renewal_withdraws", path: "title" },
    ]);
    const asked = env.DB.prepare(`SELECT count(last_request_at) AS n FROM scim_settings WHERE ${OF_COMPANY}`);
    expect(await asked.bind(old.bench.companyId).first("n")).toBe(0);
  });

  it("makes persons of one e-mail one, enrolled once in an item, by the enrolment that began first", async () => {
    const { companyId } = old.bench;
    const open = await openByPerson(companyId);
    expect(open.filter((line) => line.startsWith("weiss"))).toEqual(["weiss@x.test T"]);
    const after = await openEnrolments(old.bench);
    const first = [openBefore["one of two T"], openBefore["two of two T"]].filter((id) => id !== undefined).sort()[0];
    expect(Object.values(after)).toContain(first);
    const { results } = await env.DB.prepare(
      `SELECT person_key FROM enrolments WHERE ${OF_COMPANY} AND user_id IN (?, ?)`,
    )
      .bind(companyId, old.ids.person, old.ids.other)
      .all();
    expect(results).toEqual([{ person_key: "weiss@x.test" }, { person_key: "weiss@x.test" }]);
  });

  it("has one group for one day, which enrols as the first of its spellings did", async () => {
    expect(await targetMembers(old.bench.companyId)).toMatchObject({
      "2026-11-29": ["one", "two"],
      "20261129": [],
      "2026-11-29T00:00:00Z": [],
      "Building 5": [],
    });
    expect(Object.keys(await openEnrolments(old.bench)).filter((what) => /^(one|two|none) \w$/.test(what))).toEqual([
      "one U",
      "two U",
    ]);
  });

  it("holds no password any more, and all else of these documents", async () => {
    const find = "SELECT document, version, extensions FROM users WHERE id = ?";
    const { document, version } =
      (await env.DB.prepare(find).bind(old.ids.plain).first<Record<string, string>>()) ?? {};
    expect(JSON.parse(String(document))).toMatchObject({ "urn:x:1.0:User": { site: "Rome", deep: [{ a: 1 }] } });
    expect(Object.keys(JSON.parse(String(document)))).not.toContain("urn:y:1.0:User");
    expect(version).toBe(2);
    const group = await env.DB.prepare("SELECT document FROM groups WHERE id = ?")
      .bind(old.ids.groupF)
      .first("document");
    expect(String(group)).not.toContain("p4ss");
  });
});

async function formOf({ companyId }: Bench): Promise<number> {
  return Number(
    await env.DB.prepare("SELECT stored_form FROM companies WHERE id = ?").bind(companyId).first("stored_form"),
  );
}

/** A writer that dies at its second commit, or right after its first. */
function mortalWriter({ companyId }: Bench, isAnswerLost: boolean): CompanyWriter {
  let commits = 0;
  const die = async () => {
    throw new Error("killed");
  };
  const beforeCommit = async () => {
    commits += 1;
    if (commits > 1) await die();
  };
  const d1 = hookD1(env.DB, { beforeCommit, ...(isAnswerLost && { afterCommit: die }) });
  return new CompanyWriter({ ...UNHEARD, d1, companyId, clock: Date.now, pause: async () => {} });
}

/** What the API reads by the rules of today, and the feed tells of once it is stored so. */
function isTyped(line: string): boolean {
  return /"userName":"(one|two|none)"/.test(line);
}

afterEach(() => vi.restoreAllMocks());

describe("a writer that dies at every step", () => {
  for (const isAnswerLost of IS_WHOLE ? [false, true] : [true])
    it(`comes to the same${isAnswerLost ? ", its answers lost" : ""}, and the feed folds to the present at each step`, async () => {
      vi.spyOn(console, "error").mockReturnValue();
      const old = await oldCompany();
      let steps = 0;
      while ((await formOf(old.bench)) < PRESENT_FORM) {
        steps += 1;
        await mortalWriter(old.bench, isAnswerLost)
          .followUp()
          .catch(() => {});
        // The last look is below.
        if (IS_WHOLE || steps % 3 === 1) expect((await lookAt(old)).feed.filter((line) => !isTyped(line))).toEqual([]);
        const open = await openByPerson(old.bench.companyId);
        expect(open).toEqual([...new Set(open)]);
      }
      expect(steps).toBeGreaterThan(5);
      expect(await oldForms(old)).toEqual([]);
      expect(await judge(old)).toEqual([]);
    });
});

describe("what a company of an old form is asked", () => {
  it("waits for the rows that it is decided by, not for the documents", async () => {
    const bench = await newBench({ criteria: "idp" });
    const client = new Client(bench.writer, bench.settingId);
    await client.user("QaQ");
    await client.group("QdQ");
    await age(bench.companyId, { QaQ: "Straße", QdQ: "ΝΙΚΟΣ" });
    const next = client.through(bench.another());
    expect(await next.postUser("STRASSE")).toMatchObject({ ok: false, status: 409, code: "user_name_taken" });
    expect(await next.postGroup("νικοσ")).toMatchObject({ ok: false, status: 409, code: "group_name_taken" });
    expect(await formOf(bench)).toBe(5);
    const folded = () => env.DB.prepare(`SELECT folded_document FROM users WHERE ${OF_COMPANY}`).bind(bench.companyId);
    expect(await folded().first("folded_document")).toBeNull();
    await finishFollowUps(bench.another());
    expect(await folded().first("folded_document")).toContain("strasse");
  });

  it("is answered at once where there is nothing to be brought along, at the price of one commit", async () => {
    const bench = await newBench({ criteria: "idp" });
    await new Client(bench.writer, bench.settingId).user("ada");
    await forgetForm(bench.companyId);
    const commits: number[] = [];
    const d1 = hookD1(env.DB, { afterCommit: async () => void commits.push(await formOf(bench)) });
    idOf(await new Client(bench.another({ d1 }), bench.settingId).postUser("bo"));
    expect(commits).toEqual([5, 5]);
  });

  it("is decided by rows that are brought along again where an older Worker wrote meanwhile", async () => {
    const bench = await newBench({ criteria: "idp" });
    const client = new Client(bench.writer, bench.settingId);
    await client.user("QaQ");
    await finishFollowUps(bench.writer);
    // What an older Worker does: rows by the rule of then, in a commit that says nothing of a form.
    await env.DB.batch([
      env.DB.prepare("UPDATE companies SET commit_no = commit_no + 1, commit_id = 'older' WHERE id = ?").bind(
        bench.companyId,
      ),
      env.DB.prepare(`UPDATE users SET user_name = 'Straße', user_name_key = 'straße' WHERE ${OF_COMPANY}`).bind(
        bench.companyId,
      ),
    ]);
    expect(await client.postUser("STRASSE")).toMatchObject({ ok: false, status: 409 });
    await finishFollowUps(bench.writer);
    expect(await formOf(bench)).toBe(PRESENT_FORM);
  });

  it("is done although one row cannot be brought along, which stays as it is", async () => {
    const bench = await newBench({ criteria: "idp" });
    const client = new Client(bench.writer, bench.settingId);
    for (const sign of ["QaQ", "QdQ", "QjQ"]) await client.user(sign);
    await age(bench.companyId, { QaQ: "Straße", QdQ: "ΝΙΚΟΣ", QjQ: "Spaß" });
    const told = vi.spyOn(console, "error").mockReturnValue();
    const refuse = "BEFORE UPDATE OF user_name_key ON users WHEN NEW.user_name_key = 'strasse'";
    await env.DB.prepare(`CREATE TRIGGER refuses ${refuse} BEGIN SELECT RAISE(ABORT, 'a faulty row'); END`).run();
    await finishFollowUps(bench.another());
    await env.DB.prepare("DROP TRIGGER refuses").run();
    expect(told.mock.calls.flat().join()).toContain("a row was left out of the renewal of userNames");
    const users = await namesIn(bench.companyId, "users", ["user_key", "user_name", "user_name_key"]);
    expect(users.map(({ key }) => key)).toEqual(["straße", "νικοσ", "spass"]);
    expect(await formOf(bench)).toBe(PRESENT_FORM);
  });
});
