import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { consoleApp } from "../../src/console/console.tsx";
import { BASE, ROUTES } from "../../src/console/routes.ts";
import { readBodies } from "../../src/log/pack-bodies.ts";
import { OPERATIONS } from "../../src/management-api/open-api/open-api-operations.ts";
import { signInAdmin } from "../console/sign-in-to.ts";
import { fewOf } from "../generated-cases.ts";
import { OPERATOR_KEY } from "../management-api/call-api.ts";
import { newSetting, operate } from "../scim-api/scim-client.ts";
import { fetchWith } from "./injected-bindings.ts";
import { interleavedD1 } from "./interleaved-d1.ts";
import { must, type PopulatedCompany, personOf, populate } from "./populated-company.ts";
import { waitForLogAndWork } from "./wait-for-log-and-work.ts";

/*
 * Every name in the company says which generation it is of, and one write turns all of them into the next generation's.
 * It comes between the trips to D1 of one request: an answer that shows both generations is torn.
 */

const GROUPING = "group=Fresh&scope=everyone&criteria=field&field=department";

let generation = 1;
let columns: { name: string; column: string }[] = [];
let company: PopulatedCompany;
let cookie = "";
/** Somebody whom no live setting manages. */
let keptId = "";
/** Somebody whose deletion waits in a hold. */
let heldId = "";
/** A setting in shadow. */
let silentId = "";

/** What is deflated no UPDATE reaches: it is as good as it was printed. */
async function inflateBodies(): Promise<void> {
  const { results } = await env.DB.prepare("SELECT id, bodies FROM request_log WHERE bodies LIKE 'z%'").all<{
    id: string;
    bodies: string;
  }>();
  for (const { id, bodies } of results) {
    const { requestBody, responseBody } = readBodies(bodies);
    const text = JSON.stringify([requestBody, responseBody]);
    await env.DB.prepare("UPDATE request_log SET bodies = ? WHERE id = ?").bind(text, id).run();
  }
}

/** Writes the next generation into every text of every table, in one transaction, as one commit. */
async function turn(): Promise<void> {
  const [old, next] = [`gen${generation}`, `gen${generation + 1}`];
  generation += 1;
  await env.DB.batch([
    ...columns.map(({ name, column }) =>
      env.DB.prepare(`UPDATE ${name} SET ${column} = replace(${column}, ?1, ?2) WHERE instr(${column}, ?1) > 0`).bind(
        old,
        next,
      ),
    ),
    env.DB.prepare("UPDATE companies SET commit_no = commit_no + 1"),
  ]);
}

beforeAll(async () => {
  company = await populate("gen1");
  const at = `/companies/${company.companyId}`;
  // The company's own row is read before the request is let in.
  must(await operate("PATCH", at, { name: "Neutral" }), 200);
  must(await company.client.send("POST", "/Users", { ...personOf("gen1-2"), active: false }), 201);
  must(
    await company.client.send("PATCH", `/Users/${company.userId}`, {
      Operations: [{ op: "replace", path: "nickName", value: "Nick gen1" }],
    }),
    200,
  );
  await env.DB.prepare(
    `UPDATE target_group_members SET held_version = 1, held_by = (SELECT hold_key FROM holds WHERE id = ?)
     WHERE kind = 'everyone' AND user_key IN (SELECT user_key FROM users WHERE user_name LIKE '%gen1-held%')`,
  )
    .bind(company.holdId)
    .run();
  await env.DB.prepare(
    `INSERT INTO hold_applied (hold_key, user_key, target_group_key, kind, source_key, detail, lost_at)
     SELECT held_by, user_key, target_group_key, kind, source_key, detail, 1 FROM target_group_members WHERE held_by IS NOT NULL`,
  ).run();
  const left = await newSetting(company.companyId, { name: "Left gen1" });
  keptId = must(await left.send("POST", "/Users", personOf("gen1-kept")), 201).id;
  heldId = must(await company.client.send("POST", "/Users", personOf("gen1-leaver")), 201).id;
  await env.DB.prepare(
    "UPDATE users SET held_by = (SELECT hold_key FROM holds WHERE id = ?1), held_version = 1, held_as = 'deleted', held_at = 1 WHERE id = ?2",
  )
    .bind(company.holdId, heldId)
    .run();
  must(await operate("DELETE", `${at}/scim-settings/${left.settingId}?users=keep`), 204);
  const groupSettings = { criteria: "field", field: "department", targetGroupId: company.targetGroupId };
  const silent = await newSetting(company.companyId, { name: "Shadow gen1", mode: "shadow", groupSettings });
  silentId = silent.settingId;
  must(await silent.send("POST", "/Users", personOf("gen1-silent")), 201);
  must(await silent.send("POST", "/Users", { ...personOf("gen1-skipped"), active: false }), 201);
  await waitForLogAndWork(company.client);
  // An item that a page is asked for by: its id does not turn.
  for (const table of ["catalogue_items", "auto_enrolments", "enrolments", "enrolled_items"])
    await env.DB.prepare(`UPDATE ${table} SET item_id = 'fixed' WHERE item_id = 'item-gen1'`).run();
  const { results } = await env.DB.prepare(
    `SELECT t.name, c.name AS column FROM sqlite_master t JOIN pragma_table_info(t.name) c
     WHERE t.type = 'table' AND c.type = 'TEXT' AND t.name NOT LIKE '\\_cf%' ESCAPE '\\' AND t.name NOT IN ('companies', 'd1_migrations')`,
  ).all<{ name: string; column: string }>();
  await env.DB.prepare(
    `INSERT INTO webhook_deliveries (webhook_key, seq, type, status, attempts, error, duration, first_attempt_at, last_attempt_at)
     SELECT webhook_key, 1, 'user.created', 'failed', 1, 'Error gen1', 1, 1, 1 FROM webhooks`,
  ).run();
  await env.DB.prepare("UPDATE tokens SET last_four = 'gen1'").run();
  await inflateBodies();
  columns = results;
  // Whoever lost the group of everyone joins it anew, whatever is previewed.
  await env.DB.prepare("DELETE FROM target_group_members WHERE kind = 'everyone' AND held_by IS NULL").run();
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(company.companyId)
    .first("company_key");
  cookie = await signInAdmin(Number(key));
});

/** Asks with the write after each of the request's trips in turn; gives what showed more than one generation. */
async function tornAnswers(
  ask: (d1: D1Database) => Promise<Response>,
): Promise<{ torn: string[]; trips: number; marks: number }> {
  const torn: string[] = [];
  let marks = 0;
  for (let place = 1; ; place += 1) {
    let trips = 0;
    const d1 = interleavedD1(env.DB, async (trip) => {
      trips = trip;
      if (trip === place) await turn();
    });
    const answer = await ask(d1);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
    const shown = new Set(text.match(/gen\d+/g));
    marks = Math.max(marks, shown.size);
    if (shown.size > 1) torn.push(`after trip ${place}: ${[...shown].join(", ")}`);
    if (trips <= place) return { torn, trips, marks };
  }
}

function idOf(name: string): string {
  const { companyId, settingId, userId, targetGroupId, webhookId, enrolmentId, requestId, holdId } = company;
  const { clientId, secretId, trustId, alertId, channelId, tokenId } = company;
  const ids: Record<string, string> = {
    companyId,
    settingId,
    userId,
    groupId: targetGroupId,
    webhookId,
    enrolmentId,
    requestId,
    holdId,
    clientId,
    secretId,
    trustId,
    alertId,
    channelId,
    tokenId,
    silentId,
  };
  const id = ids[name];
  if (id === undefined) throw new Error(`no id is known for the path parameter ${name}`);
  return id;
}

/** Its cursor is taken first and tells from when on what follows may be newer; the place of the feed's head shows nothing, and reports
 * show numbers alone. */
const OF_NO_MOMENT = ["/snapshot", "/changes/head", "/reports/enrolments", "/reports/people"];
const READS = OPERATIONS.filter(
  ({ route }) =>
    route.startsWith("GET ") && route.includes("{companyId}") && !OF_NO_MOMENT.some((end) => route.endsWith(end)),
);
/** What is read of one company by other means than its own path, and lists under a filter, which are read otherwise. */
const FURTHER = [
  'target-users?filter=userName co "user"',
  "enrolments?userId={userId}",
  "enrolments?groupId={groupId}",
  "scim-settings/{settingId}/log?user=e",
  "changes?types=user.created",
  "scim-settings/{silentId}",
];

describe("an answer of the management API is of one moment", () => {
  const paths = [
    ...READS.map(({ route }) => route.slice("GET ".length)),
    ...FURTHER.map((path) => `/companies/{companyId}/${path}`),
  ];
  it.each(fewOf(paths))("GET %s", async (path) => {
    const at = path.replace(/\{(\w+)\}/g, (_, name: string) => idOf(name));
    const { torn, trips, marks } = await tornAnswers((d1) =>
      fetchWith({ DB: d1 }, "GET", `/api/v1${at}`, { token: OPERATOR_KEY }),
    );
    expect(torn).toEqual([]);
    // The write came between two trips at least once, and what it changed is shown.
    if (path === "/companies/{companyId}" || path.endsWith("/quotas")) return;
    expect(trips).toBeGreaterThan(1);
    expect(marks).toBe(1);
  });

  it.each([
    ["by profiles", { groupSettings: { criteria: "field", field: "department" } }],
    [
      "by each document",
      {
        fieldMappings: [{ field: "department", path: "title" }],
        groupSettings: { criteria: "field", field: "department" },
      },
    ],
  ])("a preview %s", async (_, body) => {
    const path = `/api/v1/companies/${company.companyId}/scim-settings/${company.settingId}/preview`;
    const { torn, marks } = await tornAnswers((d1) =>
      fetchWith({ DB: d1 }, "POST", path, { token: OPERATOR_KEY, body }),
    );
    expect(torn).toEqual([]);
    expect(marks).toBe(1);
  });
});

describe("a page of the console is of one moment", () => {
  const asked = new Set(
    consoleApp()
      .routes.filter(({ method }) => method === "GET")
      .map(({ path }) => path),
  );
  const pages = Object.entries(ROUTES).filter(
    // A download is read stretch by stretch; an item is asked for by an id that turns too.
    ([name, path]) =>
      path.includes(":companyId") &&
      asked.has(path) &&
      !path.endsWith(".csv") &&
      !["company", "checkPath", "removeAutoEnrolment", "itemRemovalFigures", "undoItem", "undoItemFigures"].includes(
        name,
      ),
  );
  const query: Record<string, string> = {
    newSetting: "?step=2&name=x&provider=other",
    groupingPreview: `?${GROUPING}`,
    groupingFigures: `?${GROUPING}`,
    mappingPreview: "?path.department=title",
    mappingFigures: `?path.department=title`,
    people: "?q=e",
    holds: "?status=closed",
    releaseHold: "?version=1",
    releaseFigures: "?version=1",
    keepHold: "?version=1",
    keepFigures: "?version=1",
    deleteSetting: "?figures=now",
    additionFigures: "?kind=training&id=new&name=new",
    log: "?outcome=success",
    find: "?q=e",
    training: "?kind=training&id=fixed",
    itemTerms: "?kind=training&id=fixed",
    group: "?q=e",
  };
  const OF_SHADOW = ["shadow", "shadowFigures", "goLive", "goLiveFigures"];
  const lists = ["new", "known", "skipped", "groups"].map((tab) => ["shadow", ROUTES.shadow, `?as=${tab}`] as const);
  it.each(fewOf([...pages.map(([name, path]) => [name, path, query[name] ?? ""] as const), ...lists]))(
    "%s %s%s",
    async (name, path, more) => {
      const isOfKept = ["editPerson", "personStatus", "removePerson"].includes(name);
      const userId = isOfKept ? keptId : name === "eraseHeld" ? heldId : company.userId;
      const ids: Record<string, string> = { userId, ...(OF_SHADOW.includes(name) && { settingId: silentId }) };
      const filled = path.replace(/:(\w+)/g, (_, part: string) => ids[part] ?? idOf(part));
      const at = `${BASE}${filled}${more}`;
      const { torn, marks } = await tornAnswers((d1) =>
        fetchWith({ DB: d1 }, "GET", at, { headers: { Cookie: cookie } }),
      );
      expect(torn).toEqual([]);
      // The live line and the sessions have times and numbers only, and so have the figures of what is about no name.
      const nameless = ["live", "sessions", "endSessions", "additionFigures", "releaseFigures", "keepFigures"];
      if (!nameless.includes(name)) expect(marks).toBe(1);
    },
  );
});

describe("an answer of the SCIM door is of one moment", () => {
  it.each(["/Users", "/Users/{userId}", "/Groups", "/Groups/{scimGroupId}", "/Users?sortBy=title", "/?filter=id pr"])(
    "%s",
    async (path) => {
      const at = path.replace("{userId}", company.userId).replace("{scimGroupId}", company.scimGroupId);
      const { torn, marks } = await tornAnswers((d1) =>
        fetchWith({ DB: d1 }, "GET", `/scim/v2${at}`, { token: company.client.token }),
      );
      expect(torn).toEqual([]);
      expect(marks).toBe(1);
    },
  );

  it("a group's answer to a PUT has the version of the members that it shows, whatever shares its commit", async () => {
    const { client, scimGroupId, userId } = company;
    const other = must(await client.send("POST", "/Users", { userName: "beside" }), 201).id;
    const path = `/Groups/${scimGroupId}`;
    const body = { displayName: "Crew", members: [{ value: userId }] };
    const Operations = [{ op: "add", path: "members", value: [{ value: other }] }];
    const [put] = await Promise.all([client.send("PUT", path, body), client.send("PATCH", path, { Operations })]);
    const shown = must(put, 200);
    const now = must(await client.send("GET", path), 200);
    expect(shown.meta.version === now.meta.version).toBe(shown.members.length === now.members.length);
  });

  it("a group's answer to a PUT of more members than its commit reads has the version of the members that it shows", async () => {
    const { client, scimGroupId, userId } = company;
    const other = must(await client.send("POST", "/Users", { userName: "another" }), 201).id;
    // As one that leaves the members to the door.
    const briefly = (stub: DurableObjectStub) => ({
      write: (companyId: string, request: object) =>
        (stub as unknown as { write(id: string, one: object): Promise<unknown> }).write(companyId, {
          ...request,
          showsMembers: false,
        }),
    });
    const { WRITER } = env;
    const brief = {
      idFromName: (name: string) => WRITER.idFromName(name),
      get: (id: DurableObjectId) => briefly(WRITER.get(id)),
    };
    // Whoever reads the members after the commit finds those of the commit after it.
    const d1 = new Proxy(env.DB, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (name !== "batch") return typeof member === "function" ? member.bind(target) : member;
        return async (statements: D1PreparedStatement[]) => {
          const Operations = [{ op: "add", path: "members", value: [{ value: other }] }];
          must(await client.send("PATCH", `/Groups/${scimGroupId}`, { Operations }), 204);
          return target.batch(statements);
        };
      },
    });
    // As much of a namespace as is used here.
    const bindings = { DB: d1, WRITER: brief as unknown as DurableObjectNamespace };
    const answer = await fetchWith(bindings, "PUT", `/scim/v2/Groups/${scimGroupId}`, {
      token: client.token,
      body: { displayName: "Crew", members: [{ value: userId }] },
      headers: { "content-type": "application/scim+json" },
    });
    const shown = await answer.json<{ meta: { version: string }; members: { value: string }[] }>();
    const now = must(await client.send("GET", `/Groups/${scimGroupId}`), 200);
    expect(shown.members.map(({ value }) => value).sort()).toEqual([userId, other].sort());
    expect(shown.meta).toEqual(now.meta);
    expect(answer.headers.get("etag")).toBe(shown.meta.version);
  });
});
