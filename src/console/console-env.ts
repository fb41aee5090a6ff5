import type { Context } from "hono";
import type { Company } from "../companies/company.ts";
import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";

/** Who is signed in: the operator, who sees all companies, or the admin of one. */
export type Session = { id: string } & ({ role: "operator" } | { role: "admin"; companyId: string });

/** What the handlers find in their context; `company` and `database` only below `/companies/{companyId}`. */
export interface ConsoleEnv {
  Bindings: Env;
  Variables: { requestId: string; session: Session; company: Company; database: Database };
}

/** The context of a request to the console. */
export type ConsoleContext = Context<ConsoleEnv>;
