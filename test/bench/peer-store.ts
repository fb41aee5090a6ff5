import { DatabaseSync, type StatementSync } from "node:sqlite";

/** A resource as it is stored. */
export interface Stored extends Record<string, unknown> {
  id: string;
}

/** The attributes that are indexed, and their columns. */
const INDEXED = { userName: "user_name", externalId: "external_id", displayName: "display_name" } as const;

function isIndexed(attribute: string): attribute is keyof typeof INDEXED {
  return attribute in INDEXED;
}

/** Resources of one kind, a JSON document to a row, with indexes for what identity providers look up. */
class DocumentTable {
  readonly #byId: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #count: StatementSync;
  readonly #page: StatementSync;
  readonly #by: ReadonlyMap<string, StatementSync>;

  constructor(database: DatabaseSync, name: "users" | "groups") {
    database.exec(`CREATE TABLE ${name} (
      id TEXT PRIMARY KEY, user_name TEXT UNIQUE COLLATE NOCASE, external_id TEXT, display_name TEXT COLLATE NOCASE,
      document TEXT NOT NULL);
      CREATE INDEX ${name}_by_external_id ON ${name} (external_id);
      CREATE INDEX ${name}_by_display_name ON ${name} (display_name);`);
    const select = `SELECT document FROM ${name}`;
    this.#byId = database.prepare(`${select} WHERE id = ?`);
    this.#put = database.prepare(`INSERT INTO ${name} VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
      user_name = excluded.user_name, external_id = excluded.external_id, display_name = excluded.display_name,
      document = excluded.document`);
    this.#remove = database.prepare(`DELETE FROM ${name} WHERE id = ?`);
    this.#count = database.prepare(`SELECT count(*) AS count FROM ${name}`);
    this.#page = database.prepare(`${select} ORDER BY rowid LIMIT ? OFFSET ?`);
    const columns = Object.values(INDEXED);
    this.#by = new Map(columns.map((column) => [column, database.prepare(`${select} WHERE ${column} = ?`)]));
  }

  get(id: string): Stored | null {
    return documentsOf(this.#byId.all(id))[0] ?? null;
  }

  /** Stores a resource; false where another has its userName. */
  put(resource: Stored): boolean {
    const columns = Object.keys(INDEXED).map((attribute) => textOf(resource[attribute]));
    try {
      this.#put.run(resource.id, ...columns, JSON.stringify(resource));
      return true;
    } catch (error) {
      if (error instanceof Error && error.message.includes("UNIQUE")) return false;
      throw error;
    }
  }

  remove(id: string): void {
    this.#remove.run(id);
  }

  count(): number {
    return Number(this.#count.get()?.count);
  }

  /** So many resources from an offset on; -1 for all. */
  page(offset: number, count: number): Stored[] {
    return documentsOf(this.#page.all(count, offset));
  }

  /** Those whose attribute has this value; null where no index tells. */
  find(attribute: string, value: string): Stored[] | null {
    if (attribute === "id") return [this.get(value)].filter((found) => found !== null);
    if (!isIndexed(attribute)) return null;
    return documentsOf(this.#by.get(INDEXED[attribute])?.all(value) ?? []);
  }
}

function documentsOf(rows: readonly Record<string, unknown>[]): Stored[] {
  return rows.map(({ document }) => JSON.parse(String(document)));
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** Opens the store of a peer: SQLite with a write-ahead log, and how durable a commit is (FULL: on the disk before it is answered). */
export function openPeerStore(file: string, synchronous: "FULL" | "NORMAL") {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`);
  return { users: new DocumentTable(database, "users"), groups: new DocumentTable(database, "groups") };
}
