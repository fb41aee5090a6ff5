import type { Company } from "../companies/company.ts";
import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";

/** What the handlers find in their context; `company` and `database` only below `/companies/{companyId}`. */
export interface ApiEnv {
  Bindings: Env;
  Variables: { requestId: string; company: Company; database: Database };
}
