import { autoEnrolments, catalogueItems, enrolledItems, targetGroups } from "../directory/tables.ts";
import { columnsOf } from "../platform/columns.ts";
import { type Read, rowsOf, selectAll, together } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { type ItemKind, itemKeyOf } from "./plan-enrolments.ts";

/** Something to be enrolled in: a training or a phishing simulation, by the training platform's id. */
export interface CatalogueItem {
  kind: ItemKind;
  id: string;
  name: string;
}

/** An item of a company as lists show it. */
export interface Training extends CatalogueItem {
  isInCatalogue: boolean;
  /** How many target groups enrol their members in it. */
  groups: number;
  /** How many people are enrolled in it; null while that is not counted yet. */
  enrolled: number | null;
  /** How many enrolments in it have ended; null likewise. */
  withdrawn: number | null;
}

const OFFERED = columnsOf(catalogueItems, "c", ["kind", "itemId", "name"]);
const USED = columnsOf(autoEnrolments, "a", ["kind", "itemId", "name"]);
const ENROLLED = columnsOf(enrolledItems, "e", ["kind", "itemId", "name", "active", "withdrawn"]);

/** Reads what there is to choose from in a company, in the order of the platform. */
export function selectCatalogue(companyKey: number): Read<CatalogueItem[]> {
  const statement = sql`SELECT ${OFFERED.list} FROM catalogue_items c WHERE c.company_key = ${companyKey} ORDER BY c.place`;
  return selectAll(statement, (row) => {
    const { itemId, ...item } = OFFERED.read(row);
    return { ...item, id: itemId };
  });
}

/** Reads whether there is anything to choose from in a company. */
export function selectHasCatalogue(companyKey: number): Read<boolean> {
  const statement = sql`SELECT EXISTS (SELECT 1 FROM catalogue_items WHERE company_key = ${companyKey}) AS found`;
  return { statements: [statement], decode: ([rows]) => rowsOf<{ found: number }>(rows)[0]?.found === 1 };
}

/** Reads all items of a company: those to choose from, those that target groups enrol in, and those that somebody was in. */
export function selectTrainings(companyKey: number): Read<Training[]> {
  const read = together({
    offered: selectCatalogue(companyKey),
    // With max() the other columns are those of the row that has it; an item has one name in a company.
    used: selectAll(
      sql`SELECT ${USED.list}, count(*) AS groups, max(a.created_at) FROM auto_enrolments a
        WHERE a.company_key = ${companyKey} GROUP BY a.kind, a.item_id`,
      (row) => ({ ...USED.read(row), groups: (row as { groups: number }).groups }), // by the statement
    ),
    enrolled: selectAll(
      sql`SELECT ${ENROLLED.list} FROM enrolled_items e WHERE e.company_key = ${companyKey}`,
      ENROLLED.read,
    ),
    isCounted: selectIsCounted(companyKey),
  });
  return {
    ...read,
    decode: (results) => {
      const { offered, used, enrolled, isCounted } = read.decode(results);
      const none = { isInCatalogue: false, groups: 0, ...countsOf(isCounted, 0, 0) };
      const found = new Map<string, Training>();
      const add = (item: CatalogueItem, more: Partial<Training>) => {
        const key = itemKeyOf({ ...item, itemId: item.id });
        found.set(key, { ...none, ...found.get(key), ...item, ...more });
      };
      // The last one names it: what is in use has been called anew since the others.
      for (const { itemId: id, active, withdrawn, ...item } of enrolled)
        add({ ...item, id }, countsOf(isCounted, active, withdrawn));
      for (const item of offered) add(item, { isInCatalogue: true });
      for (const { itemId: id, groups, ...item } of used) add({ ...item, id }, { groups });
      return [...found.values()];
    },
  };
}

function countsOf(isCounted: boolean, enrolled: number, withdrawn: number): Pick<Training, "enrolled" | "withdrawn"> {
  return isCounted ? { enrolled, withdrawn } : { enrolled: null, withdrawn: null };
}

/** Whether every commit of a company so far has kept how many are enrolled. */
function selectIsCounted(companyKey: number): Read<boolean> {
  const statement = sql`SELECT items_counted_commit IS commit_id AS isCounted FROM companies WHERE company_key = ${companyKey}`;
  return { statements: [statement], decode: ([rows]) => rowsOf<{ isCounted: number }>(rows)[0]?.isCounted === 1 };
}

const GROUP = columnsOf(targetGroups, "t", ["id", "name", "memberCount"]);

/** Reads the target groups that enrol their members in an item, by name. */
export function selectGroupsOfItem(
  companyKey: number,
  { kind, id }: Pick<CatalogueItem, "kind" | "id">,
): Read<ReturnType<typeof GROUP.read>[]> {
  const statement = sql`SELECT ${GROUP.list} FROM auto_enrolments a
    CROSS JOIN target_groups t ON t.target_group_key = a.target_group_key
    WHERE a.company_key = ${companyKey} AND a.kind = ${kind} AND a.item_id = ${id} ORDER BY t.name_key`;
  return selectAll(statement, GROUP.read);
}
