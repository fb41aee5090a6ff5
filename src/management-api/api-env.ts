import type { Company } from "../companies/company.ts";
import type { OnceRequest, RequestDone } from "../companies/idempotency-store.ts";
import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";

/** What the handlers find in their context; `company` and `database` only below `/companies/{companyId}`. */
export interface ApiEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    /** What addresses in answers begin with. */
    origin: string;
    company: Company;
    database: Database;
    /** Of a request with an Idempotency-Key that is new. */
    once: OnceRequest | null;
    /** Of a request that is a repeat: what the first one did. Nothing is done again, and no secret is told. */
    replay: RequestDone | null;
  };
}
