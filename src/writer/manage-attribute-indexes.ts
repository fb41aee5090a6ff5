import { DAY } from "../platform/clock.ts";
import { runRead, selectValue } from "../platform/read-batch.ts";
import { KEY_SPAN } from "../platform/row-keys.ts";
import { literal, sql } from "../platform/sql.ts";
import { type AttributeIndex, indexName } from "../unit/attribute-index.ts";
import { isLive } from "../unit/company-config.ts";
import type { Ref } from "../unit/resource-references.ts";
import { indexesOf, insertKeys, keyRowsOf } from "../unit/write-attribute-indexes.ts";
import type { SelectStep } from "./follow-up-record.ts";
import type { OperationContext } from "./operation-context.ts";
import { scheduleFollowUp } from "./schedule-follow-up.ts";

/** Look-ups of late that make an attribute one which a provider matches by. */
export const MATCHES_BY = 5;
/** Indexes of one setting: a provider matches by one attribute, and while it changes over by two. */
const MOST_INDEXES = 2;
/** One that was not used for so long (ms) makes room for another; one not used for longer is dropped. */
export const UNUSED_AFTER = 7 * DAY;
export const DROPPED_AFTER = 30 * DAY;

/**
 * Hears of the look-ups in the rows of the log that this commit writes: an attribute that a provider matches by gets an
 * index, those that are used have that recorded (once a day), and those that nobody needs any more are dropped.
 */
export function countLookups(context: OperationContext): void {
  const { unit } = context;
  for (const { settingKey, path, count } of unit.config.lookups.listIn(unit)) {
    if (!isLive(unit.config, settingKey)) continue;
    const name = indexName({ settingKey, path });
    const index = unit.attributeIndexes.get(name);
    if (index === undefined) {
      if (count >= MATCHES_BY) makeIndex(context, settingKey, path);
    } else if (unit.now - index.lastUsedAt >= DAY) unit.attributeIndexes.set(name, { ...index, lastUsedAt: unit.now });
  }
  for (const index of unit.config.attributeIndexes.values())
    if (unit.now - index.lastUsedAt >= DROPPED_AFTER && unit.attributeIndexes.get(indexName(index)) === index)
      dropIndex(context, index);
}

/** Where a setting has as many as it may have, one that is idle makes room; without one the attribute has to wait. */
function makeIndex(context: OperationContext, settingKey: number, path: string): void {
  const { unit } = context;
  const others = indexesOf(unit, settingKey);
  const idle = others.find(({ lastUsedAt }) => unit.now - lastUsedAt >= UNUSED_AFTER);
  // What the log needs must not fail for a company that has no keys left.
  if ((others.length >= MOST_INDEXES && idle === undefined) || unit.nextKey >= KEY_SPAN) return;
  if (others.length >= MOST_INDEXES && idle !== undefined) dropIndex(context, idle);
  const times = { createdAt: unit.now, completedAt: null, lastUsedAt: unit.now };
  const index = { key: unit.allocateKey(), settingKey, path, ...times };
  unit.attributeIndexes.set(indexName(index), index);
  scheduleFollowUp(context, "indexUsers", index.key);
}

function dropIndex(context: OperationContext, index: AttributeIndex): void {
  context.unit.attributeIndexes.set(indexName(index), undefined);
  scheduleFollowUp(context, "eraseKeys", index.key);
}

/** Drops the indexes of a setting that nobody will look users up in any more. */
export function dropIndexes(context: OperationContext, settingKey: number): void {
  for (const index of indexesOf(context.unit, settingKey)) dropIndex(context, index);
}

/** Puts users into an index, and after the last of them lets look-ups use it; one that was dropped meanwhile stays so. */
export function indexUsers(
  context: OperationContext,
  indexKey: number,
  { refs, isLast }: { refs: readonly Ref[]; isLast: boolean },
): void {
  const { unit } = context;
  const index = [...unit.config.attributeIndexes.values()].find(({ key }) => key === indexKey);
  if (index === undefined) return;
  const rows = refs.flatMap((ref) => {
    const user = unit.users.get(ref);
    const document = unit.documents.get(ref);
    return user === undefined || document === undefined ? [] : keyRowsOf(index, user.key, document);
  });
  unit.executeAll(insertKeys(rows));
  if (isLast) unit.attributeIndexes.set(indexName(index), { ...index, completedAt: unit.now });
}

/** Documents that a step reads together, in bytes. */
const STEP_BYTES = 2_000_000;

/**
 * Of users that a statement selects in the order of their keys (as `k`, `setting_key`, `id`), those whose documents can be
 * read together, and the place of the last of them where others are left.
 */
export function withinDocumentBytes(users: SelectStep): SelectStep {
  return (place, size) => sql`WITH near AS (${users(place, size)}),
    sized AS (SELECT n.*, row_number() OVER w AS nth, sum(octet_length(u.document)) OVER w AS size
      FROM near n CROSS JOIN users u ON u.user_key = n.k WINDOW w AS (ORDER BY n.k ROWS UNBOUNDED PRECEDING)),
    span AS (SELECT k, setting_key, id FROM sized WHERE nth = 1 OR size <= ${literal(STEP_BYTES)})
    SELECT * FROM span UNION ALL SELECT e.k, NULL, NULL FROM (SELECT max(k) AS k FROM span) e
      WHERE e.k < (SELECT max(k) FROM near)`;
}

/** Rows of an index that one commit deletes. */
const STEP_ROWS = 3_000;

/** Deletes some of a dropped index's rows. */
export function eraseKeys({ unit }: OperationContext, indexKey: number): void {
  unit.execute(
    sql`DELETE FROM attribute_keys WHERE (index_key, value_key, user_key) IN
      (SELECT index_key, value_key, user_key FROM attribute_keys WHERE index_key = ${indexKey} LIMIT ${literal(STEP_ROWS)})`,
  );
}

/** Whether one more step will have deleted all of an index's rows. */
export async function hasFewKeys(d1: D1Database, indexKey: number): Promise<boolean> {
  const beyond = sql`SELECT 1 FROM attribute_keys WHERE index_key = ${indexKey} LIMIT 1 OFFSET ${literal(STEP_ROWS)}`;
  return (await runRead({ d1 }, selectValue<number>(beyond))) === null;
}
