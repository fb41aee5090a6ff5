import { sql } from "../platform/sql.ts";
import type { Reader } from "./select-referenced-users.ts";
import type { Query } from "./unit-of-work.ts";

/** Who of the people kept from deleted settings has something by the fields asked for; it looks at all of them. */
export function readUnmanagedValues({ unit }: Reader): Query[] {
  const fields = [...unit.unmanagedValues.wanted];
  return fields.map((field) => ({
    ...sql`SELECT s.name, count(*) AS people FROM scim_settings s CROSS JOIN users u ON u.setting_key = s.setting_key
      WHERE s.company_key = ${unit.config.companyKey} AND s.status = 'deleted'
        AND (u.custom_fields ->> ${`$."${field}"`} IS NOT NULL OR EXISTS (SELECT 1 FROM target_group_members t
          WHERE t.user_key = u.user_key AND t.kind = 'field' AND t.detail = ${field}))
      GROUP BY s.setting_key ORDER BY s.setting_key`,
    receive: (rows) => {
      const kept = rows.map(({ name, people }) => ({ settingName: String(name), people: Number(people) }));
      unit.unmanagedValues.load(field, kept);
      if (field === fields.at(-1)) unit.unmanagedValues.endLoad();
    },
  }));
}
