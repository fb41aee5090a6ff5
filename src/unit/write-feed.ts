import { getTableColumns } from "drizzle-orm";
import { markOf } from "../changes/change.ts";
import { changes as changesTable } from "../changes/tables.ts";
import { namesOf, pick, valuesOfRow } from "../platform/columns.ts";
import { packJson } from "../platform/pack-json.ts";
import { joinSql, literal, rawSql, type Sql, sql } from "../platform/sql.ts";
import { insertRows } from "./row-statements.ts";
import type { CausedChange, UnitOfWork } from "./unit-of-work.ts";

/** In the order in which a run of them is written. */
const CHANGE = pick(
  getTableColumns(changesTable),
  ...(["companyKey", "seq", "type", "time", "subjectKind", "subjectId", "userId", "data", "cause", "mark"] as const),
  ...(["requestId", "settingKey", "provider", "rule"] as const),
);
/** What the changes of a commit have in common. */
interface Origin {
  companyKey: number;
  /** By which a change is known again in the feed: nothing to do with the marks of holds. */
  mark: string;
  settings: ReadonlyMap<string, { key: number }>;
}

/** A reason to write the constant parts of changes once: this many of one type and cause in a row. */
const RUN_LENGTH = 20;

/** The statements for the change feed. Changes that follow one another with the same type and cause travel together: a mass change stays small on the way. */
export function planFeedRows({ changes, changeSeq, config, commitId }: UnitOfWork): Sql[] {
  const origin = { companyKey: config.companyKey, mark: markOf(commitId), settings: config.settings };
  const single: (string | number | null)[][] = [];
  const statements: Sql[] = [];
  for (let start = 0; start < changes.length; ) {
    const first = changes[start];
    if (first === undefined) break;
    let end = start + 1;
    while (sameRun(first, changes[end])) end += 1;
    if (end - start >= RUN_LENGTH)
      statements.push(...planRun(origin, changeSeq + start + 1, changes.slice(start, end)));
    else
      for (let index = start; index < end; index += 1)
        single.push(changeValues(origin, changeSeq + index + 1, changes[index] ?? first));
    start = end;
  }
  return [...insertRows("changes", namesOf(CHANGE), single), ...statements];
}

function sameRun(first: CausedChange, other: CausedChange | undefined): boolean {
  return (
    other !== undefined &&
    other.type === first.type &&
    other.cause === first.cause &&
    other.rule === first.rule &&
    other.time === first.time
  );
}

/** The cause of a change as its row has it: in columns when an identity provider's request made it. */
function causeOf({ settings }: Origin, { cause, rule }: CausedChange) {
  const { requestId, actor, settingId, provider } = cause;
  const setting = actor === "scim" && settingId !== null ? settings.get(settingId) : undefined;
  return setting === undefined
    ? { ...NO_COLUMNS, cause: { requestId, actor, settingId, provider, rule } }
    : { cause: {}, requestId, settingKey: setting.key, provider, rule };
}

const NO_COLUMNS = { requestId: null, settingKey: null, provider: null, rule: null };

/** The person a change concerns, where that is not its subject. */
function besideSubject({ subject, userId }: CausedChange): string | null {
  return subject.kind === "user" && subject.id === userId ? null : userId;
}

function changeValues(origin: Origin, seq: number, change: CausedChange): (string | number | null)[] {
  const { companyKey, mark } = origin;
  const { type, time, subject, data } = change;
  return valuesOfRow(CHANGE, {
    ...{ companyKey, seq, type, time, subjectKind: subject.kind, subjectId: subject.id, data, mark },
    ...{ userId: besideSubject(change), ...causeOf(origin, change) },
  });
}

/** Of each change only what differs from the first one travels: its subject, the person beside it, and some members of its data. */
function planRun(origin: Origin, firstSeq: number, run: CausedChange[]): Sql[] {
  const [first] = run;
  if (first === undefined) return [];
  const names = Object.keys(first.data);
  const isAlike = run.every(({ data }) => Object.keys(data).join() === names.join());
  const varying = names.filter((name) => run.some(({ data }) => !isSameValue(data[name], first.data[name])));
  if (!isAlike || varying.length > MAX_VARYING) return planWhole(origin, firstSeq, run);
  const rows = run.map((change, index) => [
    ...[firstSeq + index, change.subject.id, besideSubject(change)],
    ...varying.map((name) => change.data[name]),
  ]);
  const sets = varying.map((name, index) => sql`, ${`$."${name}"`}, json(j.value->${literal(index + 3)})`);
  const shared = JSON.stringify(first.data);
  const data = varying.length === 0 ? sql`${shared}` : sql`json_set(${shared}${joinSql(sets, "")})`;
  const { cause, requestId, settingKey, provider, rule } = causeOf(origin, first);
  return packJson(rows).map(
    (text) => sql`INSERT INTO changes (${rawSql(namesOf(CHANGE).join())})
      SELECT ${origin.companyKey}, j.value->>0, ${first.type}, ${first.time}, ${first.subject.kind}, j.value->>1, j.value->>2,
        ${data}, ${JSON.stringify(cause)}, ${origin.mark}, ${requestId}, ${settingKey}, ${provider}, ${rule}
      FROM json_each(${text}) j`,
  );
}

function isSameValue(left: unknown, right: unknown): boolean {
  return left === right || (typeof left === "object" && JSON.stringify(left) === JSON.stringify(right));
}

/** More members than this that differ are not worth a statement of their own shape. */
const MAX_VARYING = 4;

function planWhole(origin: Origin, firstSeq: number, run: readonly CausedChange[]): Sql[] {
  const rows = run.map((change, index) => changeValues(origin, firstSeq + index, change));
  return insertRows("changes", namesOf(CHANGE), rows);
}
