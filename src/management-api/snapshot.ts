import { type Context, Hono } from "hono";
import type * as z from "zod";
import { findFeedPlace } from "../changes/change-store.ts";
import { feedCursor } from "../changes/feed-cursor.ts";
import { listTargetUsers } from "../directory/target-user-store.ts";
import { type AutoEnrolmentOfGroup, listAutoEnrolmentsOfAll, listEnrolments } from "../enrolment/enrolment-store.ts";
import { listMembersOfAll } from "../grouping/membership-store.ts";
import { BY_NAME, listTargetGroups, positionOfTargetGroup } from "../grouping/target-group-store.ts";
import { presentEnrolment, presentTargetUser } from "../person-data/present-person.ts";
import { streamLines } from "../platform/stream-json.ts";
import type { ApiEnv } from "./api-env.ts";
import { endingListOf, readInShareFor } from "./list-in-share.ts";
import type { snapshotLineShape } from "./snapshot-shapes.ts";
import { presentTargetGroup } from "./target-groups.ts";

type Line = z.infer<typeof snapshotLineShape>;

/** Rows that are read at once: a company of 100,000 people is read with a few hundred queries. */
const AT_ONCE = 1_000;

/** The route of all there is of a company, as lines of JSON, with the cursor from which the feed goes on. */
export function snapshotRoutes() {
  return new Hono<ApiEnv>().get("/", (c) => {
    c.header("Content-Type", "application/x-ndjson");
    return c.body(streamLines(printSnapshot(c)));
  });
}

/** The cursor is read first: what follows may be newer than it, and is told of again by the feed. */
async function* printSnapshot(c: Context<ApiEnv>): AsyncGenerator<readonly Line[]> {
  const { database, company } = c.var;
  const place = await findFeedPlace(database, company.key);
  yield [{ cursor: feedCursor(company.id, place) }];
  const counts = { users: 0, groups: 0, autoEnrolments: 0, members: 0, enrolments: 0 };
  for await (const users of pages((after: number | null) => readUsers(c, after))) {
    counts.users += users.length;
    yield users.map((user) => ({ type: "user", user: presentTargetUser(user, company.id) }));
  }
  for await (const groups of pages((after: ReturnType<typeof positionOfTargetGroup> | null) => readGroups(c, after))) {
    counts.groups += groups.length;
    yield groups.map((group) => ({ type: "group", group: presentTargetGroup(group) }));
  }
  for await (const items of pages((after: AutoEnrolmentOfGroup | null) => readItems(c, after))) {
    counts.autoEnrolments += items.length;
    yield items.map(({ groupKey: _key, ...autoEnrolment }) => ({ type: "autoEnrolment", autoEnrolment }));
  }
  for await (const members of pages((after: Parameters<typeof listMembersOfAll>[2]["after"]) =>
    readMembers(c, after),
  )) {
    counts.members += members.length;
    yield members.map(({ groupId, userId }) => ({ type: "member", member: { groupId, userId } }));
  }
  for await (const enrolments of pages((after: number | null) => readEnrolments(c, after))) {
    counts.enrolments += enrolments.length;
    yield enrolments.map((each) => ({ type: "enrolment", enrolment: presentEnrolment(each, company.id) }));
  }
  yield [{ type: "end", ...counts }];
}

/** A page of rows, and where the next one begins; null after the last. */
interface PageOf<Row, Place> {
  rows: readonly Row[];
  next: Place | null;
}

async function* pages<Row, Place>(
  read: (after: Place | null) => Promise<PageOf<Row, Place>>,
): AsyncGenerator<readonly Row[]> {
  for (let after: Place | null = null; ; ) {
    const { rows, next }: PageOf<Row, Place> = await read(after);
    if (rows.length > 0) yield rows;
    if (next === null) return;
    after = next;
  }
}

async function readUsers(c: Context<ApiEnv>, after: number | null) {
  const page = { take: AT_ONCE, after, filter: null, managed: null, baseUrl: c.var.origin };
  const { rows, isCut } = await listTargetUsers(c.var.database, c.var.company.key, page, endingListOf(c));
  return { rows, next: isCut || rows.length === AT_ONCE ? (rows.at(-1)?.key ?? null) : null };
}

async function readGroups(c: Context<ApiEnv>, after: ReturnType<typeof positionOfTargetGroup> | null) {
  const page = { take: AT_ONCE, after };
  const rows = await listTargetGroups(c.var.database, c.var.company.key, BY_NAME, page, readInShareFor(c));
  const last = rows.length === AT_ONCE ? rows.at(-1) : undefined;
  return { rows, next: last === undefined ? null : positionOfTargetGroup(last, BY_NAME.order) };
}

async function readItems(c: Context<ApiEnv>, after: AutoEnrolmentOfGroup | null) {
  const rows = await listAutoEnrolmentsOfAll(c.var.database, c.var.company.key, { take: AT_ONCE, after });
  return { rows, next: rows.length === AT_ONCE ? (rows.at(-1) ?? null) : null };
}

async function readMembers(c: Context<ApiEnv>, after: Parameters<typeof listMembersOfAll>[2]["after"]) {
  const rows = await listMembersOfAll(c.var.database, c.var.company.key, { take: 2 * AT_ONCE, after });
  return { rows, next: rows.length === 2 * AT_ONCE ? (rows.at(-1) ?? null) : null };
}

async function readEnrolments(c: Context<ApiEnv>, after: number | null) {
  const rows = await listEnrolments(c.var.database, c.var.company.key, {}, { take: AT_ONCE, after }, readInShareFor(c));
  return { rows, next: rows.length === AT_ONCE ? (rows.at(-1)?.key ?? null) : null };
}
