import { cutAtFirstEnd } from "../companies/cut-at-first-end.ts";
import { readOnEach } from "../companies/read-on-each.ts";
import type { Bounds, Reads } from "../companies/split-long-reads.ts";
import { BYTES_AT_ONCE, isCut, type Stretch, totalOf, withinBytes } from "../platform/byte-budget.ts";
import { columnsOf } from "../platform/columns.ts";
import { type Read, selectAll, together } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { compareCodePoints } from "../scim/compare-code-points.ts";
import { foldCase } from "../scim/fold-case.ts";
import { scimSettings } from "./tables.ts";

const NAMES = columnsOf(scimSettings, "s", ["key", "id", "name"]);

/** A setting of a company, deleted or not. */
export type SettingName = ReturnType<typeof NAMES.read>;

/**
 * Which settings of a company: that of one id, and only those that are there, or only deleted ones; null for all. `isSilent` leaves
 * out those of which nothing shows (shadow.ts).
 */
export interface WhichSettings {
  id: string | null;
  managed: boolean | null;
  isSilent?: false | undefined;
  /** Whether with the setting of an id those come that took its people whose deletion waits, or was kept. */
  hasHeirs?: true;
}

/** How the rows of a setting are read, and in what order those of all settings come together. */
interface Walk<Row, Place, Beside> {
  /**
   * Selects, of the next rows after a place (null for the beginning) that the bounds allow to look at, the first `take` that
   * are shown, in the order of `compare`, each with its `size` in bytes.
   */
  select(settingKey: number, after: Place | null, bounds: Bounds): Sql;
  /** Selects, as one row, the place of the last of those rows; nothing, or null alone, where no more follow. */
  end(settingKey: number, after: Place | null, bounds: Bounds): Sql;
  toPlace(selected: unknown): Place | null;
  toRow(selected: unknown, setting: SettingName): Row;
  compare(left: Row, right: Row): number;
  take: number;
  /** How many rows cost as much as a user's document: the entries of a narrow index are many for it. 1 when not said. */
  lightness?: number;
  /** What else is read in the same moment. */
  beside: Read<Beside>;
}

/** How far the walk of a setting has come. */
interface Reading<Place> {
  settingKey: number;
  after: Place | null;
  selected: unknown[];
  /** What more its rows may come to (bytes). */
  left: number;
  isCut: boolean;
  isDone: boolean;
}

/**
 * The first rows of a company in one order, as far as they come to what is read at once. Indexes of people and requests begin with the setting, of which a company has
 * few: each is walked by itself, and the walks are merged here. What fits one batch is of one moment: the settings are read
 * again in the batch of the walks, and where another one has come meanwhile, that batch was in vain.
 */
export async function walkEachSetting<Row, Place, Beside>(
  reads: Reads,
  companyKey: number,
  which: WhichSettings,
  walk: Walk<Row, Place, Beside>,
): Promise<Stretch<Row> & { beside: Beside }> {
  const found = await beginEachSetting(reads, companyKey, which, walk, Number.POSITIVE_INFINITY);
  if (found === null) throw new Error("a walk without an end was given up");
  return found;
}

/** The same where they are found with so many statements; null where it would take more. */
export async function beginEachSetting<Row, Place, Beside>(
  reads: Reads,
  companyKey: number,
  which: WhichSettings,
  walk: Walk<Row, Place, Beside>,
  most: number,
): Promise<(Stretch<Row> & { beside: Beside }) | null> {
  const settings = selectNames(companyKey, which);
  for (let known = await reads.once(settings); ; ) {
    const left = Math.floor(BYTES_AT_ONCE / Math.max(1, known.length));
    const all = known.map(
      ({ key }): Reading<Place> => ({ settingKey: key, after: null, selected: [], left, isCut: false, isDone: false }),
    );
    const answer = await reads.run((bounds) =>
      together({ settings, walks: goOn(all, bounds, walk), beside: walk.beside }),
    );
    if (!isSame(known, answer.settings)) {
      known = answer.settings;
      continue;
    }
    let open = all;
    for (let sent = 1; open.length > 0; sent += 1) {
      open = open.filter(({ isDone }) => !isDone);
      if (open.length > 0 && sent >= most) return null;
      if (open.length > 0) await reads.run((bounds) => goOn(open, bounds, walk));
    }
    const walks = answer.settings.map((setting, index) => {
      const { selected = [], isCut = false } = all[index] ?? {};
      return { rows: selected.map((row) => walk.toRow(row, setting)), isCut };
    });
    return { ...merge(walks, walk.compare, walk.take), beside: answer.beside };
  }
}

/** Brings walks one stretch further, all within the bounds of one statement. */
function goOn<Row, Place>(
  walks: readonly Reading<Place>[],
  whole: Bounds,
  { select, end, toPlace, take, lightness = 1 }: Walk<Row, Place, unknown>,
): Read<void> {
  return readOnEach(walks, whole, {
    ...{ take, lightness },
    select: ({ settingKey, after, left }, bounds) => withinBytes(select(settingKey, after, bounds), left),
    end: ({ settingKey, after }, bounds) => end(settingKey, after, bounds),
    receive(walk, found, last) {
      walk.selected.push(...found);
      walk.after = last === undefined ? null : toPlace(last);
      walk.left -= totalOf(found);
      walk.isCut = isCut(found) || (walk.left <= 0 && walk.after !== null);
      walk.isDone = walk.after === null || walk.isCut || walk.selected.length >= take;
    },
  });
}

/** The first rows of all walks, up to where the first of those that are cut ends. */
function merge<Row>(
  walks: readonly Stretch<Row>[],
  compare: (left: Row, right: Row) => number,
  take: number,
): Stretch<Row> {
  const ends = walks.flatMap(({ rows, isCut }) => (isCut ? rows.slice(-1) : []));
  const rows = walks.flatMap((walk) => walk.rows);
  const { known, end } = cutAtFirstEnd(rows, ends, compare);
  return { rows: known.slice(0, take), isCut: end !== undefined };
}

function isSame(known: readonly SettingName[], present: readonly SettingName[]): boolean {
  return known.length === present.length && known.every(({ key }, index) => key === present[index]?.key);
}

/** Reads which settings of a company there are. */
export function selectNames(companyKey: number, which: WhichSettings): Read<SettingName[]> {
  return selectAll(
    sql`SELECT ${NAMES.list} FROM scim_settings s WHERE ${isAsked(companyKey, which)} ORDER BY s.setting_key`,
    NAMES.read,
  );
}

/**
 * Reads at what place each setting is, by its key, in a list by the names of settings; one that took another's people comes
 * after that one.
 */
export function selectRanks(companyKey: number, which: WhichSettings): Read<ReadonlyMap<number, number>> {
  const read = selectAll(
    sql`SELECT s.setting_key AS k, coalesce(o.setting_key, s.setting_key) AS ofKey, coalesce(o.name, s.name) AS name
      FROM scim_settings s LEFT JOIN scim_settings o ON o.setting_key = s.heir_of WHERE ${isAsked(companyKey, which)}`,
    (row) => row as { k: number; ofKey: number; name: string }, // by the statement
  );
  return {
    ...read,
    decode: (results) => {
      const sorted = read
        .decode(results)
        .map(({ name, ...setting }) => ({ ...setting, name: foldCase(name) }))
        .sort((a, b) => compareCodePoints(a.name, b.name) || a.ofKey - b.ofKey || a.k - b.k);
      return new Map(sorted.map(({ k }, rank) => [k, rank]));
    },
  };
}

function isAsked(companyKey: number, { id, managed, isSilent, hasHeirs }: WhichSettings): Sql {
  const isHeir = sql`s.heir_of = (SELECT o.setting_key FROM scim_settings o WHERE o.company_key = ${companyKey} AND o.id = ${id})`;
  const hasId = id === null ? sql`TRUE` : sql`(s.id = ${id} OR ${hasHeirs ? isHeir : sql`FALSE`})`;
  const isManaged = managed === null ? sql`TRUE` : sql`(s.status <> 'deleted') = ${Number(managed)}`;
  const shows = isSilent === undefined ? sql`TRUE` : sql`(s.shadow_after IS NULL OR s.shadow_until IS NOT NULL)`;
  return sql`s.company_key = ${companyKey} AND ${hasId} AND ${isManaged} AND ${shows}`;
}
