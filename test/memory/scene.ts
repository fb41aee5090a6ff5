import { seedGroup, seedPeople } from "../bench/seed.ts";
import { createSetting } from "../bench/setting.ts";
import type { Runtime } from "../bench/start-runtime.ts";

/** How much there is to ask about. */
export interface SceneSize {
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
}

/** Attributes that no field reads, which are kept up to 16,384 characters each. */
const FILLED = ["title", "nickName", "profileUrl", "locale", "timezone"];

/** A user of about 60 KB, in text that takes two bytes a character once it is read. */
export function largeUser(index: number, length = 11_500): Record<string, string> {
  const texts = FILLED.map((name) => [name, `${"x".repeat(length)}\u{1f388}`]);
  return { userName: `large-${index}@example.com`, ...Object.fromEntries(texts) };
}

/** Fills a company of its own through the doors, the small people by the bench's tools. */
export async function setScene({ urls, operatorKey }: Runtime, size: SceneSize): Promise<Scene> {
  const setting = await createSetting(urls.rollcall, operatorKey, "idp");
  const send = async (path: string, body: unknown): Promise<{ id: string; Operations: { location: string }[] }> => {
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
  return {
    companyId: setting.companyId,
    settingId: setting.settingId,
    token: setting.token,
    people,
    large,
    group,
    member,
  };
}
