import { seedGroup, seedPeople } from "../bench/seed.ts";
import { createSetting } from "../bench/setting.ts";
import type { Runtime } from "../bench/start-runtime.ts";

/** How much there is to ask about. */
interface SceneSize {
  /** Small people, all in one group. */
  people: number;
  /** People as large as the quota lets them be. */
  large: number;
  /** Groups that one person is in. */
  groups: number;
}

/** A company that holds as much as it may of what makes answers large. */
export interface Scene {
  companyId: string;
  settingId: string;
  token: string;
  people: string[];
  large: string[];
  /** The group with everybody in it. */
  group: string;
  /** Who is in all the groups. */
  member: string;
  /** An id for each parameter that a path of the management API or of the console has. */
  ids: Record<string, string>;
  /** A session of the company's console. */
  cookie: string;
}

/** Attributes that no field reads, which are kept up to 16,384 characters each. */
const FILLED = ["title", "nickName", "profileUrl", "locale", "timezone"];

/** A user of about 60 KB, in text that takes two bytes a character once it is read. */
export function largeUser(index: number, length = 11_500): Record<string, string> {
  const texts = FILLED.map((name) => [name, `${"x".repeat(length)}\u{1f388}`]);
  return { userName: `large-${index}@example.com`, ...Object.fromEntries(texts) };
}

type Send = (path: string, body: unknown) => Promise<{ id: string }>;

/** Fills a company of its own through the doors, the small people by the bench's tools. */
export async function setScene({ urls, operatorKey }: Runtime, size: SceneSize): Promise<Scene> {
  const setting = await createSetting(urls.rollcall, operatorKey, "idp");
  const send: Send = async (path, body) => {
    const headers = { authorization: `Bearer ${setting.token}`, "content-type": "application/scim+json" };
    const answer = await fetch(`${urls.rollcall}/scim/v2${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json() as never; // as our own answers are
  };
  const people = await seedPeople(urls.tools, setting, size.people);
  const group = await seedGroup(urls.tools, setting, "Everybody", people);
  const large: string[] = [];
  for (let index = 0; index < size.large; index += 1) large.push((await send("/Users", largeUser(index))).id);
  const [member = ""] = large;
  for (let start = 0; start < size.groups; start += 500) {
    const Operations = Array.from({ length: Math.min(500, size.groups - start) }, (_, index) => {
      const data = { displayName: `${start + index} ${"g".repeat(1_000)}`, members: [{ value: member }] };
      return { method: "POST", path: "/Groups", bulkId: `g${index}`, data };
    });
    await send("/Bulk", { Operations });
  }
  await holdLeavers(send, people);
  const scene = { ...setting, people, large, group, member };
  return { ...scene, ...(await setTarget({ urls, operatorKey }, scene)) };
}

/** Has so many people leave that a hold opens, with all of them in it. */
async function holdLeavers(send: Send, people: readonly string[]): Promise<void> {
  const leavers = people.slice(0, Math.max(60, Math.ceil(people.length * 0.15)));
  for (let start = 0; start < leavers.length; start += 1_000)
    await send("/Bulk", {
      Operations: leavers.slice(start, start + 1_000).map((id) => ({
        ...{ method: "PATCH", path: `/Users/${id}` },
        data: { Operations: [{ op: "replace", path: "active", value: false }] },
      })),
    });
}

/** Items that a group enrols its members in, with names as long as they may be. */
const ITEMS = Array.from({ length: 200 }, (_, index) => ({
  ...{ kind: "training", id: `${index}${"i".repeat(190)}`, name: `${index} ${"n".repeat(190)}` },
}));

/** Makes what the paths of the management API and of the console name, and a session of the console. */
async function setTarget(
  { urls, operatorKey }: Pick<Runtime, "urls" | "operatorKey">,
  scene: Omit<Scene, "ids" | "cookie">,
) {
  const { companyId, settingId, large, member } = scene;
  // The tests read members of our own answers freely.
  const call = async (method: string, path: string, body?: unknown): Promise<never> => {
    const headers = { authorization: `Bearer ${operatorKey}`, "content-type": "application/json" };
    const answer = await fetch(`${urls.rollcall}/api/v1/companies/${companyId}${path}`, {
      ...{ method, headers, body: body === undefined ? undefined : JSON.stringify(body) },
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return (answer.status === 204 ? {} : await answer.json()) as never;
  };
  const idOf = async (method: string, path: string, body?: unknown) =>
    ((await call(method, path, body)) as { id: string }).id;
  const firstOf = async (path: string) =>
    ((await call("GET", path)) as { items: { id: string }[] }).items[0]?.id ?? "none";
  const trained = await idOf("POST", "/target-groups", { name: "Trained" });
  for (const userId of large.slice(0, 20)) await call("PUT", `/target-groups/${trained}/members/${userId}`);
  await call("PUT", `/target-groups/${trained}/auto-enrolments`, ITEMS);
  // The mirror of the group with everybody in it.
  const groups: { items: { id: string; name: string }[] } = await call("GET", "/target-groups?limit=200");
  const groupId = groups.items.find(({ name }) => name === "Everybody")?.id ?? trained;
  const at = `/scim-settings/${settingId}`;
  const client: { id: string; secret: { id: string } } = await call("POST", `${at}/clients`, {});
  const trust = { issuer: "https://login.windows.net/t", subject: "s", audience: "a" };
  const fieldKey = "site";
  await call("POST", "/fields", { key: fieldKey, label: "Site", type: "text" });
  const { url }: { url: string } = await call("POST", "/console-links", {});
  const entered = await fetch(`${urls.rollcall}${new URL(url).pathname}`, {
    ...{ method: "POST", redirect: "manual" as const, headers: { origin: urls.rollcall } },
  });
  const cookie = (entered.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  if (cookie === "") throw new Error(`no session of the console: ${entered.status}`);
  const ids = {
    ...{ companyId, settingId, groupId, fieldKey, userId: member, clientId: client.id, secretId: client.secret.id },
    tokenId: await firstOf(`${at}/tokens`),
    trustId: await idOf("POST", `${at}/trusts`, trust),
    webhookId: await idOf("POST", "/webhooks", { url: "https://hook.example.com/" }),
    holdId: await firstOf("/holds"),
    enrolmentId: await firstOf("/enrolments"),
    requestId: await firstOf(`${at}/log?limit=1`),
    ...{ alertId: await firstOf("/alerts"), channelId: "none" },
    ...{ deliveryId: "1", sessionId: "0".repeat(24) },
  };
  return { ids, cookie };
}
