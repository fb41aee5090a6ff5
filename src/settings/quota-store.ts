import { type QuotaState, type QuotaUsage, quotaStates, quotasOf } from "../companies/quotas.ts";
import { companies } from "../companies/tables.ts";
import { columnsOf } from "../platform/columns.ts";
import { type Read, selectFirst } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";

const COLUMNS = columnsOf(companies, "c", ["ownQuotas"]);

/** Reads how a company's quotas stand at `now` (ms); no row is read for each person, token aside. */
export function selectQuotaStates(companyKey: number, now: number): Read<QuotaState[]> {
  const ofCompany = sql`FROM scim_settings s WHERE s.company_key = c.company_key`;
  const live = sql`FROM tokens t WHERE t.setting_key = s.setting_key AND t.revoked_at IS NULL
    AND (t.expires_at IS NULL OR t.expires_at > ${now})`;
  const statement = sql`SELECT ${COLUMNS.list},
      (SELECT coalesce(sum(s.active_users + s.inactive_users), 0) ${ofCompany}) AS people,
      (SELECT coalesce(max((SELECT count(*) ${live})), 0) ${ofCompany} AND s.status <> 'deleted') AS credentialsPerSetting,
      (SELECT count(*) ${ofCompany} AND s.status <> 'deleted') AS settings,
      (SELECT count(*) FROM custom_fields f WHERE f.company_key = c.company_key) AS fields,
      (SELECT count(*) FROM webhooks w WHERE w.company_key = c.company_key) AS webhooks
    FROM companies c WHERE c.company_key = ${companyKey}`;
  const read = selectFirst(statement, (selected) => ({
    quotas: quotasOf(COLUMNS.read(selected).ownQuotas),
    usage: selected as QuotaUsage, // the other columns of the statement
  }));
  return {
    ...read,
    decode: (results) => {
      const company = read.decode(results);
      return company === null ? [] : quotaStates(company);
    },
  };
}
