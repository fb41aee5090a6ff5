import { findCompany } from "../../companies/company-store.ts";
import { systemClock } from "../../platform/clock.ts";
import { openDatabase } from "../../platform/database.ts";
import type { Env } from "../../platform/env.ts";
import { deliverMessages } from "./deliver-messages.ts";
import { findDueMessages, recordAttempt } from "./message-store.ts";

/** Sends what is due of a company's messages; gives when there is something to do again (ms), or null. */
export async function deliverMessagesOfCompany(env: Env, companyId: string): Promise<number | null> {
  const company = await findCompany(env, companyId);
  if (company === null) return null;
  const database = openDatabase(env, company);
  return deliverMessages({
    companyId,
    secrets: env,
    clock: systemClock,
    ports: { env, fetch: (url, init) => fetch(url, init) },
    find: (now) => findDueMessages(database, company.key, now),
    record: (message, attempt) => recordAttempt(database, company.key, message, attempt),
  });
}
