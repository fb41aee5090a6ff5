import { env } from "cloudflare:workers";
import { parseNotes } from "../../src/log/notes-without-person.ts";
import { sayNote } from "../../src/scim/note.ts";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import type { AutoEnrolmentItem, WriteRequest } from "../../src/writer/operation.ts";
import { type Bench, Client, finishFollowUps, logRowOf, requestOf, requireOutcome } from "./bench.ts";

const OF_COMPANY = "company_key = (SELECT company_key FROM companies WHERE id = ?1)";

/** The id of a company's target group of exactly this name; empty when there is none. */
export async function targetGroupId({ companyId }: Pick<Bench, "companyId">, name: string): Promise<string> {
  const sql = `SELECT id FROM target_groups WHERE ${OF_COMPANY} AND name = ?2`;
  return (await env.DB.prepare(sql).bind(companyId, name).first<string>("id")) ?? "";
}

/** Gives a target group its auto-enrolments, and does what follows from it. */
export async function enrolIn(bench: Bench, groupName: string, items: AutoEnrolmentItem[]): Promise<void> {
  const id = await targetGroupId(bench, groupName);
  requireOutcome(await bench.writer.write(requestOf({ kind: "setAutoEnrolments", targetGroupId: id, items })));
  await finishFollowUps(bench.writer);
}

/** Adds people to a target group by hand, or takes them out. */
export async function setByHand(bench: Bench, groupName: string, userIds: string[], member = true): Promise<void> {
  const id = await targetGroupId(bench, groupName);
  const kind = member ? "addManualMember" : "removeManualMember";
  for (const userId of userIds)
    requireOutcome(await bench.writer.write(requestOf({ kind, targetGroupId: id, userId })));
}

/** What each target group enrols its members in: ids of items by name of group, groups without any left out. */
export async function autoEnrolments({ companyId }: Bench): Promise<Record<string, string[]>> {
  const { results } = await env.DB.prepare(
    `SELECT g.name, json_group_array(a.item_id) AS items FROM (SELECT * FROM auto_enrolments ORDER BY item_id) a
     JOIN target_groups g ON g.target_group_key = a.target_group_key WHERE g.${OF_COMPANY} GROUP BY g.name ORDER BY g.name`,
  )
    .bind(companyId)
    .all<{ name: string; items: string }>();
  return Object.fromEntries(results.map(({ name, items }) => [name, JSON.parse(items)]));
}

/** The ids of the open enrolments of a company, by `userName item`. */
export async function openEnrolments({ companyId }: Bench): Promise<Record<string, string>> {
  const { results } = await env.DB.prepare(
    `SELECT u.user_name || ' ' || e.item_id AS what, e.id FROM enrolments e JOIN users u ON u.user_key = e.user_key
     WHERE e.${OF_COMPANY} AND e.status = 'active' ORDER BY 1`,
  )
    .bind(companyId)
    .all<{ what: string; id: string }>();
  return Object.fromEntries(results.map(({ what, id }) => [what, id]));
}

/** An entry of the change feed as far as these tests look. */
interface FeedEntry {
  seq: number;
  type: string;
  subject: string;
  userId: string | null;
  data: Record<string, string>;
  requestId: string;
}

/** The change feed of a company from after a place on. */
export async function feedSince({ companyId }: Bench, seq: number): Promise<FeedEntry[]> {
  const { results } = await env.DB.prepare(
    `SELECT seq, type, subject_id AS subject, coalesce(user_id, iif(subject_kind = 'user', subject_id, NULL)) AS userId, data,
       coalesce(request_id, cause->>'requestId') AS requestId FROM changes
     WHERE ${OF_COMPANY} AND seq > ?2 ORDER BY seq`,
  )
    .bind(companyId, seq)
    .all<Omit<FeedEntry, "data"> & { data: string }>();
  return results.map((row) => ({ ...row, data: JSON.parse(row.data) }));
}

/** The place of the newest change. */
export async function feedHead({ companyId }: Bench): Promise<number> {
  const sql = "SELECT change_seq FROM companies WHERE id = ?";
  return (await env.DB.prepare(sql).bind(companyId).first<number>("change_seq")) ?? 0;
}

/** A client whose requests are logged, and what the log notes of the latest of them. */
export function loggedClient(
  bench: Bench,
  settingId = bench.settingId,
): { client: Client; notes: () => Promise<string[]> } {
  let latest = "";
  const write = (request: WriteRequest) => {
    latest = request.cause.requestId;
    return bench.writer.write({
      ...request,
      log: logRowOf(request, settingId, { resourceType: "Group", path: "/scim/v2/Groups" }),
    });
  };
  // As much of a writer as a client uses.
  const client = new Client({ write } as CompanyWriter, settingId);
  const notes = async () => {
    const found = env.DB.prepare("SELECT notes FROM request_log WHERE id = ?").bind(latest);
    return parseNotes((await found.first<string>("notes")) ?? "[]").map(sayNote);
  };
  return { client, notes };
}
