/** A tenant of Rollcall: its people, settings and groups are seen by no other. */
export interface Company {
  key: number;
  id: string;
  name: string;
  /** The binding of the database that holds its directory. */
  shard: string;
  /** Milliseconds since 1970. */
  createdAt: number;
}
