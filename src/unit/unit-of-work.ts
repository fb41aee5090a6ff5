import type { NewChange } from "../changes/change.ts";
import type { PeopleDays } from "../companies/people-days.ts";
import type { LogEntry } from "../log/log-entry.ts";
import { KEY_SPAN, rowKey } from "../platform/row-keys.ts";
import type { Sql } from "../platform/sql.ts";
import { newId } from "../platform/uuid.ts";
import type { Cause } from "./change-cause.ts";
import type { CompanyConfig } from "./company-config.ts";
import type { Enrolment } from "./enrolment-and-brake-rows.ts";
import { RecentNames } from "./recent-former-names.ts";
import type { Ref } from "./resource-references.ts";
import { keysUsedUp } from "./row-keys-used-up.ts";
import { UnitRows } from "./unit-rows.ts";

/** A change with the cause that its operation had. */
export interface CausedChange extends NewChange {
  cause: Cause;
  rule: string | null;
  time: number;
}

/** What a writer remembers of the names that its commits took away. */
export function namesOfEarlierCommits(): { erased: RecentNames; former: RecentNames } {
  return { erased: new RecentNames(), former: new RecentNames() };
}

/** Names of users by setting, and persons, of whom D1 is taken to know nobody. */
interface Presumed {
  userNames: readonly string[];
  persons: readonly string[];
}

/** A row as D1 gives it. */
export type Row = Record<string, string | number | null>;

/** A statement that reads, and what to do with its rows. */
export interface Query extends Sql {
  receive(rows: Row[]): void;
}

/**
 * Everything a commit reads and writes. Operations run against it in order and see each other's effects; what
 * differs in the end is the commit.
 */
export class UnitOfWork extends UnitRows {
  readonly changes: CausedChange[] = [];
  readonly statements: Sql[] = [];
  readonly logEntries: LogEntry[] = [];
  /** The names of people whom earlier commits have erased, and those whom this one erases. */
  readonly erased: RecentNames;
  readonly namesErased = new Set<string>();
  /** The former names, by setting, of people who live on: those of earlier commits, and those that this one makes. */
  readonly formerNames: RecentNames;
  readonly formerNamesOfCommit = new Set<Ref>();
  /** Lines for the Worker's log, told once the commit got through. */
  readonly logLines = new Map<string, string>();
  /** Enrolments that were withdrawn, as they stood then: one may have been handed over, or begun, in the same commit. */
  readonly withdrawals: Enrolment[] = [];
  /** Whether D1 was read, and stood where the configuration says: nothing else proves it of a unit that has nothing to commit. */
  isProven = false;
  /** What is taken not to be there without a look: its commit proves it. */
  presumed: Presumed = { userNames: [], persons: [] };
  /** Whether it schedules work for the commits that follow. */
  schedulesWork = false;
  /** Whether it begins a term, at whose end somebody has to act. */
  startsTerm = false;
  /** When the rules of alerts have to look again (ms), where this commit sets it; null for not before something happens. */
  alertsDueAt: number | null | undefined = undefined;
  /** When the next enrolment of the company is due (ms), or earlier; null where none has an end. */
  dueAt: number | null;
  /** Whether it makes messages to people. */
  makesMessages = false;
  /** The keys of the webhooks that it changes: their couriers have to look at them, whatever they wait for. */
  readonly webhooksToWake = new Set<number>();
  /** Whether an operation has the commit to itself from where it stands: those after it are for another one. */
  isReserved = false;
  /** How long its reads took the database (ms, by D1's own measure), divided by the requests that share them. */
  readTimeOfEach = 0;
  readonly now: number;
  /** The id of its commit. */
  readonly commitId: string;
  /** The company's counters as read; keys are allocated from the first. */
  nextKey = 0;
  changeSeq = 0;
  /** How many people joined and left of late, as read. */
  peopleDays: PeopleDays | null = null;
  readonly #ids: string[] = [];
  #nextId = 0;

  constructor(config: CompanyConfig, now: number, { erased, former } = namesOfEarlierCommits()) {
    super(config);
    this.dueAt = config.enrolmentsDueAt;
    this.now = now;
    this.commitId = newId(now);
    this.erased = erased;
    this.formerNames = former;
    const { counters } = config.cache;
    if (counters === null) return;
    this.nextKey = counters.nextKey;
    this.changeSeq = counters.changeSeq;
    this.peopleDays = counters.peopleDays;
  }

  /** A key for a new row, in the company's own span; what many requests write every time has none. */
  allocateKey(): number {
    if (this.nextKey >= KEY_SPAN) throw keysUsedUp(this.config.companyId);
    const key = rowKey(this.config.companyKey, this.nextKey);
    this.nextKey += 1;
    this.journal.onRollback(() => {
      this.nextKey -= 1;
    });
    return key;
  }

  /** A public id for a new row: the same one again when the operations run again after loading more. */
  allocateId(): string {
    const id = this.#ids[this.#nextId] ?? newId(this.now);
    this.#ids[this.#nextId] = id;
    this.#nextId += 1;
    this.journal.onRollback(() => {
      this.#nextId -= 1;
    });
    return id;
  }

  /** Adds a row to the provisioning log. */
  log(entry: LogEntry): void {
    this.logEntries.push(entry);
    this.journal.onRollback(() => this.logEntries.pop());
  }

  /** Has a line told in the Worker's log when the commit got through: one on each subject. */
  logLine(subject: string, line: string): void {
    if (this.logLines.has(subject)) return;
    this.logLines.set(subject, line);
    this.journal.onRollback(() => this.logLines.delete(subject));
  }

  /** Keeps how an enrolment stood when it was withdrawn. */
  recordWithdrawal(enrolment: Enrolment): void {
    this.withdrawals.push(enrolment);
    this.journal.onRollback(() => this.withdrawals.pop());
  }

  /** Has the company be looked at when an enrolment is due (ms), where nothing is due before it. */
  expectDue(at: number): void {
    const before = this.dueAt;
    if (before !== null && before <= at) return;
    this.dueAt = at;
    this.startsTerm = true;
    this.journal.onRollback(() => {
      this.dueAt = before;
    });
  }

  /** Puts an entry into the change feed. */
  announce(change: CausedChange): void {
    this.changes.push(change);
    this.journal.onRollback(() => this.changes.pop());
  }

  /** Adds a statement of a configuration operation to the commit. */
  execute(statement: Sql): void {
    this.statements.push(statement);
    this.journal.onRollback(() => this.statements.pop());
  }

  /** Adds several. */
  executeAll(statements: readonly Sql[]): void {
    for (const statement of statements) this.execute(statement);
  }

  /** Schedules work for the commits that follow, by a statement that keeps it. */
  scheduleWork(statement: Sql): void {
    const before = this.schedulesWork;
    this.execute(statement);
    this.schedulesWork = true;
    this.journal.onRollback(() => {
      this.schedulesWork = before;
    });
  }
}
