/** What is called otherwise than its address says. */
const OWN: Record<string, string> = {
  "GET /companies/{companyId}/reports/enrolments": "reportEnrolments",
  "GET /companies/{companyId}/reports/people": "reportPeople",
  "GET /companies/{companyId}/changes/head": "getChangesHead",
  "GET /companies/{companyId}/snapshot": "getSnapshot",
  "GET /companies/{companyId}/target-users/{userId}/export": "exportTargetUser",
  "GET /companies/{companyId}/log/{requestId}": "getLogEntry",
  "GET /companies/{companyId}/scim-settings/{settingId}/log": "listLogEntries",
  "PUT /companies/{companyId}/enrolments/{enrolmentId}/progress": "reportProgress",
  "POST /companies/{companyId}/enrolments/progress": "reportProgressOfMany",
  "POST /companies/{companyId}/planned-work": "announcePlannedWork",
  "PATCH /companies/{companyId}/quotas": "updateQuotas",
  "PUT /companies/{companyId}/target-groups/{groupId}/members/{userId}": "addMember",
  "DELETE /companies/{companyId}/target-groups/{groupId}/members/{userId}": "removeMember",
  "POST /companies/{companyId}/webhooks/{webhookId}/rotate-secret": "rotateWebhookSecret",
};

const VERBS: Record<string, string> = { PATCH: "update", PUT: "replace", DELETE: "delete" };

/**
 * What an operation is called, as `listChanges`, `getCompany`, `createToken`, `pauseScimSetting`: by its method, and by the last
 * words of its address. A POST that answers 201 makes one of what its address names; any other does what its last word says.
 */
export function operationIdOf(route: string, status: number): string {
  const [method = "", path = ""] = route.split(" ");
  const own = OWN[route];
  if (own !== undefined) return own;
  const parts = path.split("/").filter((part) => part !== "");
  const last = parts.at(-1) ?? "";
  const words = parts.filter((part) => !part.startsWith("{"));
  const thing = toPascal(words.at(-1) ?? "");
  const isOne = last.startsWith("{");
  if (method === "GET") return isOne ? `get${toSingular(thing)}` : `list${thing}`;
  if (method !== "POST") return `${VERBS[method] ?? method.toLowerCase()}${isOne ? toSingular(thing) : thing}`;
  if (status === 201) return `create${toSingular(thing)}`;
  const owner = toSingular(toPascal(words.at(-2) ?? ""));
  return thing.charAt(0).toLowerCase() + thing.slice(1) + owner;
}

function toPascal(words: string): string {
  return words.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());
}

function toSingular(thing: string): string {
  return thing.replace(/ies$/, "y").replace(/s$/, "");
}
