/** What the platform keeps with a company, by its own names. */
export type CompanyMetadata = Record<string, string | number | boolean>;

/** A tenant of Rollcall: its people, settings and groups are seen by no other. */
export interface Company {
  key: number;
  id: string;
  name: string;
  /** What the platform calls it; not unique. */
  externalId: string | null;
  metadata: CompanyMetadata;
  /** The binding of the database that holds its directory. */
  shard: string;
  /** Milliseconds since 1970. */
  createdAt: number;
}
