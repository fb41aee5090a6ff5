import { type JsonObject, listOf, objectOf } from "./document.ts";
import { ConnectionProblem } from "./wire.ts";

/** How a setting groups its users, as the management API takes it. */
export interface GroupSettings {
  targetGroupId?: string | null;
  targetGroupName?: string | null;
  targetGroupScope?: "everyone" | "ungrouped" | null;
  criteria: "none" | "field" | "idp";
  field?: string | null;
}

/** What the checker needs of a SCIM setting. */
export interface SettingView {
  id: string;
  companyId: string;
  fieldMappings: { field: string; path: string }[];
  groupSettings: GroupSettings;
  /** Whether no other setting of the company feeds target groups. */
  alone: boolean;
}

/** Where the management API is, and the key to it. */
export interface ManagementAccess {
  baseUrl: string;
  operatorKey: string;
  companyId: string | null;
}

/** Reads, and changes a little, over the management API, below one company or above all. */
export interface Management {
  get(path: string): Promise<JsonObject>;
  /** All items of a list, page after page. */
  list(path: string): Promise<JsonObject[]>;
  patch(path: string, body: JsonObject): Promise<void>;
}

const PAGE = 200;

/** Opens the management API; a refusal is a connection problem. */
export function createManagement({ baseUrl, operatorKey }: ManagementAccess): Management {
  const get = async (path: string) => {
    const url = `${baseUrl.replace(/\/+$/, "")}/api/v1${path}`;
    const response = await fetch(url, { headers: { Authorization: `Bearer ${operatorKey}` } }).catch(
      (error: unknown) => {
        throw new ConnectionProblem(`GET ${url}: ${error instanceof Error ? error.message : error}`);
      },
    );
    if (!response.ok) throw new ConnectionProblem(`GET ${url}: ${response.status} ${await response.text()}`);
    return objectOf(await response.json());
  };
  const list = async (path: string) => {
    const items: JsonObject[] = [];
    for (let cursor: unknown = null; ; ) {
      const more = cursor === null ? "" : `&cursor=${encodeURIComponent(String(cursor))}`;
      const page = await get(`${path}${path.includes("?") ? "&" : "?"}limit=${PAGE}${more}`);
      items.push(...listOf(page.items));
      cursor = page.nextCursor ?? null;
      if (cursor === null) return items;
    }
  };
  const patch = async (path: string, body: JsonObject) => {
    const url = `${baseUrl.replace(/\/+$/, "")}/api/v1${path}`;
    const headers = { Authorization: `Bearer ${operatorKey}`, "Content-Type": "application/json" };
    const response = await fetch(url, { method: "PATCH", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new ConnectionProblem(`PATCH ${url}: ${response.status} ${await response.text()}`);
  };
  return { get, list, patch };
}

/**
 * Announces what is about to leave: a year of a company's life in a few minutes is what the brake is there for. With null what
 * was announced is over, so that the brake holds an accident after it.
 */
export async function announceLosses(access: ManagementAccess, token: string, people: number | null): Promise<void> {
  const management = createManagement(access);
  const setting = await findSetting(management, access.companyId, token);
  if (setting === null) return;
  const until = new Date(Date.now() + 24 * 3_600_000).toISOString();
  const path = `/companies/${setting.companyId}/scim-settings/${setting.id}`;
  await management.patch(path, { expected: people === null ? null : { people, until } });
}

/** What waits in a hold. */
export interface HoldView {
  kind: string;
  people: number;
}

/** What waits of the setting that a token belongs to. */
export async function listHolds(access: ManagementAccess, token: string): Promise<HoldView[]> {
  const management = createManagement(access);
  const setting = await findSetting(management, access.companyId, token);
  if (setting === null) return [];
  const holds = await management.list(`/companies/${setting.companyId}/holds?status=open`);
  return holds
    .filter(({ settingId }) => settingId === setting.id)
    .map(({ kind, people }) => ({ kind: String(kind), people: Number(people) }));
}

/** The setting that a token belongs to: the one whose tokens list its id (the second part of its text). */
export async function findSetting(
  management: Management,
  companyId: string | null,
  token: string,
): Promise<SettingView | null> {
  const tokenId = token.split("_")[1] ?? "";
  const companies =
    companyId === null ? (await management.list("/companies")).map(({ id }) => String(id)) : [companyId];
  for (const company of companies) {
    const settings = await management.list(`/companies/${company}/scim-settings`);
    for (const { id } of settings) {
      const path = `/companies/${company}/scim-settings/${id}`;
      const tokens = await management.list(`${path}/tokens`);
      if (!tokens.some((listed) => listed.id === tokenId)) continue;
      const setting = await management.get(path);
      return {
        id: String(id),
        companyId: company,
        fieldMappings: listOf(setting.fieldMappings).map(({ field, path: attribute }) => {
          return { field: String(field), path: String(attribute) };
        }),
        groupSettings: parseGroupSettings(objectOf(setting.groupSettings)),
        alone: settings.length === 1,
      };
    }
  }
  return null;
}

function parseGroupSettings(settings: JsonObject): GroupSettings {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  const criteria = text(settings.criteria);
  return {
    targetGroupId: text(settings.targetGroupId),
    targetGroupName: text(settings.targetGroupName),
    targetGroupScope: settings.targetGroupScope === "ungrouped" ? "ungrouped" : "everyone",
    criteria: criteria === "field" || criteria === "idp" ? criteria : "none",
    field: text(settings.field),
  };
}
