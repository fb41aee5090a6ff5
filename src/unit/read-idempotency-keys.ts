import { KEY_RETENTION } from "../companies/idempotency-store.ts";
import { sql } from "../platform/sql.ts";
import type { Query, UnitOfWork } from "./unit-of-work.ts";

/** Which of the requests that are to be carried out once were carried out already. */
export function readIdempotencyKeys({ keptRequests, config, now }: UnitOfWork): Query[] {
  if (keptRequests.wanted.size === 0) return [];
  return [
    {
      ...sql`SELECT key, request_hash AS hash FROM idempotency_keys
        WHERE company_key = ${config.companyKey} AND created_at > ${now - KEY_RETENTION}
          AND key IN (SELECT value FROM json_each(${JSON.stringify([...keptRequests.wanted])}))`,
      receive: (rows) => {
        for (const { key, hash } of rows) keptRequests.load(String(key), String(hash));
        keptRequests.endLoad();
      },
    },
  ];
}
