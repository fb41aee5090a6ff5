import { getTableColumns } from "drizzle-orm";
import { keysAt } from "../directory/looked-up-attribute.ts";
import { parseDocument } from "../directory/parse-document.ts";
import { ATTRIBUTE_INDEX, attributeKeys } from "../directory/tables.ts";
import { namesOf, valuesOfRow } from "../platform/columns.ts";
import type { Sql } from "../platform/sql.ts";
import type { AttributeIndex } from "./attribute-index.ts";
import { deleteRows, insertRows, updateRows } from "./row-statements.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** The indexes of a setting as this commit leaves them. */
export function indexesOf(unit: UnitOfWork, settingKey: number): AttributeIndex[] {
  const made = unit.attributeIndexes.differences().map(({ key }) => key);
  const names = new Set([...unit.config.attributeIndexes.keys(), ...made]);
  return [...names].flatMap((name) => {
    const index = unit.attributeIndexes.get(name);
    return index?.settingKey === settingKey ? [index] : [];
  });
}

const KEY_COLUMNS = namesOf(getTableColumns(attributeKeys));

type KeyRow = [indexKey: number, valueKey: string, userKey: number];

/** The statements that put rows into indexes; those that are there already stay. */
export function insertKeys(rows: readonly KeyRow[]): Sql[] {
  return insertRows("attribute_keys", KEY_COLUMNS, rows, KEY_COLUMNS);
}

/** What an index has of a user with this document. */
export function keyRowsOf({ key, path }: AttributeIndex, userKey: number, document: string): KeyRow[] {
  return keysAt(parseDocument(document), path).map((valueKey) => [key, valueKey, userKey]);
}

/** The statements for indexes that were made, completed, used or dropped, and for what changed documents have in those there are. */
export function planAttributeRows(unit: UnitOfWork): Sql[] {
  if (unit.config.attributeIndexes.size + unit.attributeIndexes.differences().length === 0) return [];
  const gone: KeyRow[] = [];
  const added: KeyRow[] = [];
  for (const { key: ref, before, after } of unit.documents.differences()) {
    const user = unit.users.get(ref) ?? unit.users.before(ref);
    if (user === undefined) continue;
    for (const index of indexesOf(unit, user.settingKey)) {
      const old = before === undefined ? [] : keyRowsOf(index, user.key, before);
      const fresh = after === undefined ? [] : keyRowsOf(index, user.key, after);
      gone.push(...without(old, fresh));
      added.push(...without(fresh, old));
    }
  }
  return [...planIndexes(unit), ...deleteRows("attribute_keys", KEY_COLUMNS, gone), ...insertKeys(added)];
}

function without(rows: readonly KeyRow[], others: readonly KeyRow[]): KeyRow[] {
  return rows.filter(([, valueKey]) => !others.some(([, other]) => other === valueKey));
}

function planIndexes(unit: UnitOfWork): Sql[] {
  const differences = unit.attributeIndexes.differences();
  const columns = namesOf(ATTRIBUTE_INDEX);
  const made = differences.flatMap(({ before, after }) => (before === undefined && after !== undefined ? [after] : []));
  const kept = differences.flatMap(({ before, after }) => (before !== undefined && after !== undefined ? [after] : []));
  const dropped = differences.flatMap(({ before, after }) =>
    before !== undefined && after === undefined ? [before] : [],
  );
  return [
    ...deleteRows(
      "attribute_indexes",
      ["index_key"],
      dropped.map(({ key }) => [key]),
    ),
    ...insertRows(
      "attribute_indexes",
      columns,
      made.map((index) => valuesOfRow(ATTRIBUTE_INDEX, index)),
    ),
    ...updateRows(
      "attribute_indexes",
      "index_key",
      ["completed_at", "last_used_at"],
      kept.map(({ key, completedAt, lastUsedAt }) => [key, completedAt, lastUsedAt]),
    ),
  ];
}
