import type { Context } from "hono";
import type { LogDraft } from "../log/log-draft.ts";
import { type Database, openDatabase } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import type { Identity } from "./authenticate.ts";

/** What this door's handlers carry from one step of a request to the next. */
export interface Door {
  Bindings: Env;
  Variables: {
    requestId: string;
    /** The headers of the answer as far as they are known. */
    headers: Record<string, string>;
    startedAt: number;
    log: LogDraft;
    identity: Identity;
    /** The id of the token that a refused one seems to be; then there is no identity. */
    mistyped: string | undefined;
    /** How many values the request's body holds, once it is read. */
    values: number | undefined;
    /** The token was found alive in D1 during this request. */
    isLive: boolean;
  };
}

/** The context of one request at this door. */
export type DoorContext = Context<Door>;

/** The directory database of the company whose token the request carries. */
export function directoryOf(c: DoorContext): Database {
  return openDatabase(c.env, c.get("identity"));
}
