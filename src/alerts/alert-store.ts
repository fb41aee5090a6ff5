import { getTableColumns } from "drizzle-orm";
import { columnsIn, columnsOf, omit } from "../platform/columns.ts";
import { type Read, rowsOf, selectAll, selectFirst } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Alert, AlertStatus } from "./alert.ts";
import { type AlertWords, describeAlert } from "./alert-words.ts";
import type { FailingWrite } from "./failing-write.ts";
import { alerts, failingWrites, plannedWork } from "./tables.ts";

/** An alert with its setting and in words. */
export interface AlertRecord extends Alert, AlertWords {
  settingId: string | null;
  settingName: string | null;
}

/** What an `Alert` has of its row. */
export const ALERT = omit(getTableColumns(alerts), "companyKey");
const OF_ALERT = columnsIn(ALERT, "a");
const WRITE = columnsIn(getTableColumns(failingWrites), "f");
const WORK = columnsOf(plannedWork, "p", ["until", "note", "announcedAt"]);

const SHOWN = sql`SELECT ${OF_ALERT.list}, s.id AS settingId, s.name AS settingName`;
const SETTING = sql`LEFT JOIN scim_settings s ON s.setting_key = a.setting_key`;
const SELECT = sql`${SHOWN} FROM alerts a ${SETTING}`;
/** Those that are not over, by the index that has no others: a company may have years of those that are. */
const LIVING = sql`alerts a INDEXED BY alerts_living`;
const SELECT_LIVING = sql`${SHOWN} FROM ${LIVING} ${SETTING}`;

/** A page of alerts of one status, or of all. */
interface AlertPage {
  status: AlertStatus | null;
  take: number;
  before: string | null;
  since?: string | null;
}

/**
 * Reads alerts of a company: the newest first, after the one with id `before`; or, where there is a `since`, those after that
 * one, the nearest first.
 */
export function selectAlerts(
  companyKey: number,
  { status, take, before, since = null }: AlertPage,
): Read<AlertRecord[]> {
  const isAsked = status === null ? sql`TRUE` : sql`a.status = ${status}`;
  const isBefore = before === null ? sql`TRUE` : sql`a.id < ${before}`;
  const isThere = since === null ? isBefore : sql`a.id > ${since}`;
  const direction = rawSql(since === null ? "DESC" : "ASC");
  const isLiving = status === "open" || status === "dismissed";
  const from = isLiving ? sql`${SELECT_LIVING} WHERE a.closed_at IS NULL AND` : sql`${SELECT} WHERE`;
  const statement = sql`${from} a.company_key = ${companyKey} AND ${isAsked} AND ${isThere}
    ORDER BY a.id ${direction} LIMIT ${take}`;
  return selectAll(statement, toRecord);
}

/** Reads the alerts of a company that are not over, the newest first; with a setting, its own only. */
export function selectLivingAlerts(companyKey: number, settingKey: number | Sql | null = null): Read<AlertRecord[]> {
  const isAsked = settingKey === null ? sql`TRUE` : sql`a.setting_key = ${settingKey}`;
  return selectAll(
    sql`${SELECT_LIVING} WHERE a.company_key = ${companyKey} AND a.closed_at IS NULL AND ${isAsked} ORDER BY a.id DESC LIMIT 200`,
    toRecord,
  );
}

/** Reads one alert of a company, or null. */
export function selectAlert(companyKey: number, id: string): Read<AlertRecord | null> {
  return selectFirst(sql`${SELECT} WHERE a.company_key = ${companyKey} AND a.id = ${id}`, toRecord);
}

function toRecord(selected: unknown): AlertRecord {
  const { settingId, settingName } = selected as Pick<AlertRecord, "settingId" | "settingName">; // by SELECT
  const alert = { ...OF_ALERT.read(selected), settingId, settingName };
  return { ...alert, ...describeAlert(alert) };
}

/** Every page of the console counts alerts: no further than this. */
const MOST_COUNTED = 1_000;

/** Alerts of one of many companies that are looked at. */
const MOST_OF_EACH = 100;

/** How many alerts of a company are open: those of refused writes, and others. */
export interface OpenAlerts {
  failing: number;
  others: number;
}

/**
 * Reads how many alerts of each of some companies are open, by the companies' keys: of the first hundred that are not over,
 * those apart that tell of what stands on its own, a hold or a missing credential.
 */
export function selectOpenAlertCounts(companyKeys: readonly number[]): Read<ReadonlyMap<number, OpenAlerts>> {
  const statement = sql`SELECT j.value AS key, coalesce(sum(x.kind = 'failing'), 0) AS failing, count(x.kind) AS alerts
    FROM json_each(${JSON.stringify(companyKeys)}) j LEFT JOIN alerts x ON x.company_key = j.value AND x.id IN (
      SELECT a.id FROM ${LIVING} WHERE a.company_key = j.value AND a.closed_at IS NULL LIMIT ${MOST_OF_EACH})
      AND x.status = 'open' AND x.kind NOT IN ('hold', 'no_credential') GROUP BY 1`;
  type Row = { key: number; failing: number; alerts: number };
  const read = selectAll(statement, (row) => row as Row); // the columns of the statement
  return {
    ...read,
    decode: (results) =>
      new Map(read.decode(results).map(({ key, failing, alerts: all }) => [key, { failing, others: all - failing }])),
  };
}

/** Reads how many alerts of a company are open, neither dismissed nor over; of a thousand that are not over at most. */
export function selectOpenAlertCount(companyKey: number): Read<number> {
  const living = sql`SELECT a.status FROM ${LIVING} WHERE a.company_key = ${companyKey} AND a.closed_at IS NULL LIMIT ${MOST_COUNTED}`;
  const statement = sql`SELECT count(*) AS n FROM (${living}) WHERE status = 'open'`;
  return { statements: [statement], decode: ([rows]) => rowsOf<{ n: number }>(rows)[0]?.n ?? 0 };
}

/** Reads the alerts that the rules have to know: those that are not over, and those closed since `since` (ms). */
export function selectKnownAlerts(ofCompany: Sql, since: number): Read<Alert[]> {
  return selectAll(
    sql`SELECT ${OF_ALERT.list} FROM alerts a WHERE a.company_key = ${ofCompany} AND (a.closed_at IS NULL OR a.closed_at > ${since})`,
    OF_ALERT.read,
  );
}

/** Reads the writes of some settings that were refused and not made good, as `settings` selects their keys. */
export function selectFailingWrites(settings: Sql): Read<FailingWrite[]> {
  return selectAll(
    sql`SELECT ${WRITE.list} FROM failing_writes f WHERE f.setting_key IN ${settings} ORDER BY f.last_at DESC LIMIT 500`,
    WRITE.read,
  );
}

/** Work that an admin announced; times in milliseconds. */
export type PlannedWork = ReturnType<typeof WORK.read>;

/** Reads the work announced in a company, or null; it may be over. */
export function selectPlannedWork(companyKey: number | Sql): Read<PlannedWork | null> {
  return selectFirst(sql`SELECT ${WORK.list} FROM planned_work p WHERE p.company_key = ${companyKey}`, WORK.read);
}
