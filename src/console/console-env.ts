import type { Context } from "hono";
import type { Company } from "../companies/company.ts";
import type { OpenHolds } from "../holds/open-hold-counts-store.ts";
import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";

/** Who is signed in: the operator, who sees all companies, or the admin of one. */
export type Session = { id: string } & ({ role: "operator" } | { role: "admin"; companyId: string });

/** A company with what waits in it for somebody. */
export interface CompanyInConsole extends Company {
  held: OpenHolds;
  /** How many of its alerts are open. */
  alerts: number;
}

/** What the handlers find in their context; `company` and `database` only below `/companies/{companyId}`. */
export interface ConsoleEnv {
  Bindings: Env;
  Variables: { requestId: string; session: Session; company: CompanyInConsole; database: Database };
}

/** The context of a request to the console. */
export type ConsoleContext = Context<ConsoleEnv>;
