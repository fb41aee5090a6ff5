import { getTableColumns } from "drizzle-orm";
import { catalogueItems } from "../directory/tables.ts";
import { itemKeyOf } from "../enrolment/plan-enrolments.ts";
import { namesOf } from "../platform/columns.ts";
import { rawSql, sql } from "../platform/sql.ts";
import { renameItems } from "./configure-target-groups.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";

const COLUMNS = rawSql(namesOf(getTableColumns(catalogueItems)).join());

/**
 * Replaces what there is to choose from. An item has one name in a company: one that is called otherwise by now is called so
 * in every target group that enrols in it, and its enrolments follow. What is taken out goes on wherever it is in use.
 */
export function setCatalogue(
  context: OperationContext,
  { items }: ConfigurationOperation & { kind: "setCatalogue" },
): Outcome {
  const { unit } = context;
  const { companyKey, companyId } = unit.config;
  const rows = JSON.stringify(items.map(({ kind, id, name }) => [kind, id, name]));
  unit.execute(
    sql`DELETE FROM catalogue_items WHERE company_key = ${companyKey}
      AND (kind, item_id) NOT IN (SELECT value->>0, value->>1 FROM json_each(${rows}))`,
  );
  // What stays as it is costs nothing: a platform may send the same list every night.
  unit.execute(
    sql`INSERT INTO catalogue_items (${COLUMNS})
      SELECT ${companyKey}, value->>0, value->>1, value->>2, key FROM json_each(${rows}) WHERE true
      ON CONFLICT (company_key, kind, item_id) DO UPDATE SET name = excluded.name, place = excluded.place
      WHERE name <> excluded.name OR place <> excluded.place`,
  );
  renameItems(context, new Map(items.map(({ kind, id, name }) => [itemKeyOf({ kind, itemId: id }), name])));
  return { kind: "done", id: companyId };
}
