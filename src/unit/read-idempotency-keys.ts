import { KEY_RETENTION } from "../companies/idempotency-store.ts";
import type { Query, UnitOfWork } from "./unit-of-work.ts";

/** Which of the requests that are to be carried out once were carried out already. */
export function readIdempotencyKeys({ keptRequests, config, now }: UnitOfWork): Query[] {
  if (keptRequests.wanted.size === 0) return [];
  return [
    {
      sql: `SELECT key, request_hash AS hash FROM idempotency_keys
        WHERE company_key = ? AND created_at > ? AND key IN (SELECT value FROM json_each(?))`,
      params: [config.companyKey, now - KEY_RETENTION, JSON.stringify([...keptRequests.wanted])],
      receive: (rows) => {
        for (const { key, hash } of rows) keptRequests.load(String(key), String(hash));
        keptRequests.endLoad();
      },
    },
  ];
}
