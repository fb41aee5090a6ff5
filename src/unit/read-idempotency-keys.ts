import { KEY_RETENTION } from "../companies/idempotency-store.ts";
import { sql } from "../platform/sql.ts";
import type { Query, UnitOfWork } from "./unit-of-work.ts";

/** Which of the requests that are to be carried out once were carried out already. */
export function readIdempotencyKeys({ idempotencyKeys, config, now }: UnitOfWork): Query[] {
  if (idempotencyKeys.wanted.size === 0) return [];
  return [
    {
      ...sql`SELECT key, request_hash AS hash FROM idempotency_keys
        WHERE company_key = ${config.companyKey} AND created_at > ${now - KEY_RETENTION}
          AND key IN (SELECT value FROM json_each(${JSON.stringify([...idempotencyKeys.wanted])}))`,
      receive: (rows) => {
        for (const { key, hash } of rows) idempotencyKeys.load(String(key), String(hash));
        idempotencyKeys.endLoad();
      },
    },
  ];
}
