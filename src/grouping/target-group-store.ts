import type { ReadInShare } from "../companies/read-in-share.ts";
import { keysOf } from "../directory/fold-key.ts";
import { targetGroups } from "../directory/tables.ts";
import { columnsExcept } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Position, resumeValue, toPosition } from "../platform/list-position.ts";
import { type Read, runRead, selectAll, selectFirst } from "../platform/read-batch.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import type { TargetGroupSource } from "./target-group.ts";

const COLUMNS = columnsExcept(targetGroups, "t", ["companyKey", "keptAs"]);

/** A target group as lists show it, with its kept member count. */
export type CountedTargetGroup = ReturnType<typeof COLUMNS.read>;

/** The sources in the order of what pages call them. */
const SOURCE_PLACES: Record<TargetGroupSource, string> = { field: "a", everyone: "b", manual: "c", idp: "d" };
const CASES = Object.entries(SOURCE_PLACES).map(([source, place]) => `WHEN '${source}' THEN '${place}'`);

/** What a list of target groups can be sorted by, as statements have it of the group `t`; those of one source are by name. */
const SORTS = {
  name: rawSql("t.name_key"),
  members: rawSql("t.member_count"),
  made: rawSql("t.created_at"),
  source: rawSql(`CASE t.source ${CASES.join(" ")} END || char(1) || substr(t.name_key, 1, 200)`),
} as const;
type Sort = keyof typeof SORTS;

/** The orders a list of target groups has; one that begins with "-" goes down. */
type TargetGroupOrder = Sort | `-${Sort}`;
export const TARGET_GROUP_ORDERS: readonly TargetGroupOrder[] = [
  ...(["name", "-name", "members", "-members", "made", "-made", "source", "-source"] as const),
];

/** Which target groups a list shows, and in what order. */
export interface TargetGroupQuery {
  /** Part of the name. */
  search: string;
  source: TargetGroupSource | null;
  order: TargetGroupOrder;
}

/** All target groups of a company by name. */
export const BY_NAME: TargetGroupQuery = { search: "", source: null, order: "name" };

const SEARCH = {
  what: "No index answers a list of target groups by parts of names or by source, or sorted otherwise than by name",
  quick: "At any time: all of them by name.",
};

/** Up to `take` target groups of a company after a position; a search or another order is read as `readInShare` lets it. */
export async function listTargetGroups(
  database: Database,
  companyKey: number,
  query: TargetGroupQuery,
  page: TargetGroupPage,
  readInShare: ReadInShare,
): Promise<CountedTargetGroup[]> {
  const read = selectTargetGroups(companyKey, query, page);
  const isIndexed = query.search === "" && query.source === null && sortOf(query.order) === "name";
  return isIndexed ? runRead(database, read) : readInShare(SEARCH, (reads) => reads.once(read));
}

/** A page of such a list: after a place, or, read back, before it, the nearest first. */
interface TargetGroupPage {
  take: number;
  after: Position | null;
  isBack?: boolean;
}

/** Reads what `listTargetGroups` gives. A company has hundreds, so that they are sorted as they come. */
export function selectTargetGroups(
  companyKey: number,
  { search, source, order }: TargetGroupQuery,
  { take, after, isBack = false }: TargetGroupPage,
): Read<CountedTargetGroup[]> {
  const column = SORTS[sortOf(order)];
  const isDown = order.startsWith("-") !== isBack;
  const conditions = [sql`t.company_key = ${companyKey}`];
  if (after !== null) {
    const row = sql`SELECT ${column} AS v FROM target_groups t
      WHERE t.target_group_key = ${after.key} AND t.company_key = ${companyKey}`;
    const value = resumeValue(after, row, isDown);
    const beyond = rawSql(isDown ? "<" : ">");
    conditions.push(
      sql`${column} ${beyond}= ${value} AND (${column} <> ${value} OR t.target_group_key ${beyond} ${after.key})`,
    );
  }
  if (search !== "") {
    const found = keysOf(search).map((key) => sql`instr(t.name_key, ${key}) > 0`);
    conditions.push(sql`(${joinSql(found, " OR ")})`);
  }
  if (source !== null) conditions.push(sql`t.source = ${source}`);
  const direction = rawSql(isDown ? "DESC" : "ASC");
  return selectAll(
    sql`SELECT ${COLUMNS.list} FROM target_groups t WHERE ${joinSql(conditions, " AND ")}
      ORDER BY ${column} ${direction}, t.target_group_key ${direction} LIMIT ${take}`,
    COLUMNS.read,
  );
}

/** Where a target group stands in a list of this order. */
export function positionOfTargetGroup(group: CountedTargetGroup, order: TargetGroupOrder): Position {
  const values: Record<Sort, string | number> = {
    name: group.nameKey,
    members: group.memberCount,
    made: group.createdAt,
    source: `${SOURCE_PLACES[group.source]}\u0001${Array.from(group.nameKey).slice(0, 200).join("")}`,
  };
  return toPosition(values[sortOf(order)], group.key);
}

function sortOf(order: TargetGroupOrder): Sort {
  return (order.startsWith("-") ? order.slice(1) : order) as Sort; // as the type says
}

/** One target group of a company, or null. */
export async function findTargetGroup(
  database: Database,
  companyKey: number,
  id: string,
): Promise<CountedTargetGroup | null> {
  return runRead(database, selectTargetGroup(companyKey, id));
}

/** Reads one target group of a company, or null. */
export function selectTargetGroup(companyKey: number, id: string): Read<CountedTargetGroup | null> {
  return selectFirst(
    sql`SELECT ${COLUMNS.list} FROM target_groups t WHERE t.company_key = ${companyKey} AND t.id = ${id}`,
    COLUMNS.read,
  );
}

/** Reads which of some ids are those of a company's target groups. */
export function selectPresentGroups(companyKey: number, ids: readonly string[]): Read<ReadonlySet<string>> {
  const statement = sql`SELECT t.id FROM json_each(${JSON.stringify([...new Set(ids)])}) j
    CROSS JOIN target_groups t ON t.company_key = ${companyKey} AND t.id = j.value`;
  const read = selectAll(statement, (row) => (row as { id: string }).id); // the column of the statement
  return { ...read, decode: (results) => new Set(read.decode(results)) };
}

/** The key of a company's target group, as a piece of SQL. */
export function targetGroupKeyOf(companyKey: number, id: string): Sql {
  return sql`(SELECT target_group_key FROM target_groups WHERE company_key = ${companyKey} AND id = ${id})`;
}
