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
const MORE = ["code", "scim_type", "detail", "duration", "notes", "request_body", "response_body"];
const PACKED = ["'i'", "", "'t'", "", "'p'", "'r'", "'u'", "'l'", "'k'", "'s'"];

const own = [...ROW, ...MORE].map((name) => `r.${name}`).join(", ");
const packed = PACKED.map((key, index) =>
  key === "" ? (ROW[index] === "method" ? "'GET'" : "r.setting_key") : `e.value->>${key}`,
);

/** Everything that the provisioning log holds in its three forms, one row a request, as a piece of SQL for FROM. */
export const EVERY_REQUEST = `(SELECT s.company_key, ${own} FROM request_log r JOIN scim_settings s ON s.setting_key = r.setting_key
    WHERE r.lane < 3
  UNION ALL SELECT s.company_key, ${packed}, NULL, NULL, NULL, e.value->>'d', '[]', NULL, e.value->>'a'
    FROM request_log r JOIN scim_settings s ON s.setting_key = r.setting_key CROSS JOIN json_each(r.entries) e WHERE r.lane = 3
  UNION ALL SELECT r.company_key, ${own} FROM provisioning_log r)`;
