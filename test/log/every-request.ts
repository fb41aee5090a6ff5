import { readBodies } from "../../src/log/pack-bodies.ts";

const ROW = [
  "id",
  "setting_key",
  "time",
  "method",
  "path",
  "resource_type",
  "resource_id",
  "label",
  "label_key",
  "status",
];
const MORE = ["code", "scim_type", "detail", "duration", "notes"];
const PACKED = ["'i'", "", "'t'", "", "'p'", "'r'", "'u'", "'l'", "'k'", "'s'"];

const own = [...ROW, ...MORE].map((name) => `r.${name}`).join(", ");
const packed = PACKED.map((key, index) =>
  key === "" ? (ROW[index] === "method" ? "'GET'" : "r.setting_key") : `e.value->>${key}`,
);

/** Everything that the provisioning log holds in its three forms, one row a request, as a piece of SQL for FROM. */
export const EVERY_REQUEST = `(SELECT s.company_key, ${own}, r.bodies FROM request_log r JOIN scim_settings s ON s.setting_key = r.setting_key
    WHERE r.lane < 3
  UNION ALL SELECT s.company_key, ${packed}, NULL, NULL, NULL, e.value->>'d', '[]', json_array(NULL, e.value->>'a')
    FROM request_log r JOIN scim_settings s ON s.setting_key = r.setting_key CROSS JOIN json_each(r.entries) e WHERE r.lane = 3
  UNION ALL SELECT r.company_key, ${own}, json_array(r.request_body, r.response_body) FROM provisioning_log r)`;

/** A row with its bodies as texts, so that what is in them is found. */
export function inflated<Row extends object>(row: Row): Row {
  return "bodies" in row && typeof row.bodies === "string" ? { ...row, bodies: readBodies(row.bodies) } : row;
}
