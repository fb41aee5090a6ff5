import { newSetting, operate, type ScimAnswer, type ScimClient } from "../scim-api/scim-client.ts";

/** A company with something in every table, and the ids of it. */
export interface PopulatedCompany {
  client: ScimClient;
  companyId: string;
  settingId: string;
  tokenId: string;
  clientId: string;
  secretId: string;
  trustId: string;
  userId: string;
  scimGroupId: string;
  targetGroupId: string;
  webhookId: string;
  enrolmentId: string;
  requestId: string;
  holdId: string;
  alertId: string;
  channelId: string;
  changeId: string;
  fieldKey: string;
  /** Names that are found nowhere but in this company. */
  marks: string[];
}

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** Makes a company through the doors and fills it; `mark` is in every name it holds. */
export async function populate(mark: string): Promise<PopulatedCompany> {
  const company = must(await operate("POST", "/companies", { name: `Company ${mark}` }), 201);
  const at = `/companies/${company.id}`;
  const fieldKey = `field${mark}`;
  must(await operate("POST", `${at}/fields`, { key: fieldKey, label: `Label ${mark}`, type: "text" }), 201);
  const client = await newSetting(company.id, {
    name: `Setting ${mark}`,
    groupSettings: { criteria: "idp", targetGroupName: `Everyone ${mark}` },
    fieldMappings: [{ field: fieldKey, path: "title" }],
  });
  const user = must(await client.send("POST", "/Users", personOf(mark)), 201);
  const group = must(
    await client.send("POST", "/Groups", { displayName: `Crew ${mark}`, members: [{ value: user.id }] }),
    201,
  );
  const manual = must(await operate("POST", `${at}/target-groups`, { name: `Manual ${mark}` }), 201);
  must(await operate("PUT", `${at}/target-groups/${manual.id}/members/${user.id}`), 204);
  const items = [{ kind: "training", id: `item-${mark}`, name: `Course ${mark}` }];
  must(await operate("PUT", `${at}/target-groups/${manual.id}/auto-enrolments`, items), 200);
  const choice = [...items, { kind: "phishing", id: `choice-${mark}`, name: `Choice ${mark}` }];
  must(await operate("PUT", `${at}/catalogue`, choice), 200);
  const hook = must(await operate("POST", `${at}/webhooks`, { url: `https://hook-${mark}.example.com/` }), 201);
  must(await operate("PATCH", `${at}/webhooks/${hook.id}`, { enabled: false }), 200);
  const ofSetting = `${at}/scim-settings/${client.settingId}`;
  const oauth = must(await operate("POST", `${ofSetting}/clients`, { name: `Client ${mark}` }), 201);
  const trust = must(await operate("POST", `${ofSetting}/trusts`, trustOf(mark)), 201);
  const chat = [{ kind: "chat", to: `https://chat-${mark}.example.com/` }];
  const channels = must(await operate("PUT", `${at}/alert-channels`, chat), 200);
  const enrolments = must(await operate("GET", `${at}/enrolments`), 200);
  const changes = must(await operate("GET", `${at}/changes`), 200);
  const log = must(await operate("GET", `${at}/scim-settings/${client.settingId}/log`), 200);
  return {
    client,
    companyId: company.id,
    settingId: client.settingId,
    tokenId: client.tokenId,
    clientId: oauth.id,
    secretId: oauth.secret.id,
    trustId: trust.id,
    userId: user.id,
    scimGroupId: group.id,
    targetGroupId: manual.id,
    webhookId: hook.id,
    enrolmentId: enrolments.items[0].id,
    requestId: log.items[0].id,
    holdId: await holdSomebody(at, client, { group: group.id, mark }),
    alertId: await alertAdmin(at, client.settingId),
    channelId: channels.items[0].id,
    changeId: changes.items[0].id,
    fieldKey,
    marks: [mark],
  };
}

/** What a company's Entra would show of its workload identity. */
export function trustOf(mark: string): { issuer: string; subject: string; audience: string } {
  const issuer = `https://login.microsoftonline.com/tenant-${mark}/v2.0`;
  return { issuer, subject: `subject-${mark}`, audience: `audience-${mark}` };
}

/** Has the brake hold a member of the crew, and lets it go; gives the hold. */
async function holdSomebody(
  at: string,
  client: ScimClient,
  { group, mark }: { group: string; mark: string },
): Promise<string> {
  const setting = `${at}/scim-settings/${client.settingId}`;
  const { safeguards } = must(await operate("GET", setting), 200);
  const strict = { ...safeguards, leavers: null, group: { people: 0, percent: 0 } };
  must(await operate("PATCH", setting, { safeguards: strict }), 200);
  const { id } = must(await client.send("POST", "/Users", personOf(`${mark}-held`)), 201);
  for (const change of [
    { op: "add", path: "members", value: [{ value: id }] },
    { op: "remove", path: `members[value eq "${id}"]` },
  ])
    must(await client.send("PATCH", `/Groups/${group}`, { Operations: [change] }), 204);
  const [hold] = must(await operate("GET", `${at}/holds`), 200).items;
  must(await operate("POST", `${at}/holds/${hold.id}/release`, { version: hold.version }), 200);
  must(await operate("PATCH", setting, { safeguards }), 200);
  return hold.id;
}

/** Has an alert opened: a further token that ends within days. */
async function alertAdmin(at: string, settingId: string): Promise<string> {
  const expiresAt = new Date(Date.now() + 10 * 24 * 3_600_000).toISOString();
  must(await operate("POST", `${at}/scim-settings/${settingId}/tokens`, { expiresAt }), 201);
  const [alert] = must(await operate("GET", `${at}/alerts`), 200).items;
  return alert.id;
}

/** A person whose every attribute holds a mark. */
export function personOf(mark: string): Record<string, unknown> {
  return {
    userName: `user-${mark}@example.com`,
    externalId: `external-${mark}`,
    name: { givenName: `Given${mark}`, familyName: `Family${mark}` },
    displayName: `Display ${mark}`,
    title: `Title ${mark}`,
    emails: [{ value: `mail-${mark}@example.com`, type: "work", primary: true }],
    phoneNumbers: [{ value: `+49 ${mark}`, type: "work" }],
    [ENTERPRISE]: { department: `Department ${mark}` },
  };
}

/** The JSON of an answer that must have a status. */
// biome-ignore lint/suspicious/noExplicitAny: tests read members of answers freely.
export function must(answer: ScimAnswer, status: number): any {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
  return answer.json;
}
