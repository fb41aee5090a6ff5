import { HttpConnection } from "./http-connection.ts";
import { show } from "./markdown.ts";
import { Others } from "./others.ts";
import { seedGroup } from "./seed.ts";
import type { BenchSetting } from "./setting.ts";
import type { Runtime } from "./start-runtime.ts";

/** How long a change in many commits is waited for (ms). */
const PATIENCE = 600_000;

/** The head of the table of the rows below. */
export const LARGE_CHANGES = ["status", "answered after s", "done after s", "slowest other write ms"];

/**
 * Changes that take many commits, made to a setting whose everybody is in the group `name`: its renaming while another
 * setting feeds the same target group, and the deletion of the setting with its users. Meanwhile others write. Gives a row
 * for each.
 */
export async function measureLargeChanges(
  { urls, operatorKey }: Runtime,
  setting: BenchSetting,
  { group, name }: { group: string; name: string },
  members: number,
): Promise<string[][]> {
  const operator = await HttpConnection.open(urls.rollcall, operatorKey);
  const operate = async (method: string, path: string, body?: unknown) => {
    const sent = { method, path: `/api/v1/companies/${setting.companyId}${path}`, body: JSON.stringify(body) };
    const answer = await operator.send(sent);
    return { status: answer.status, json: answer.body.length === 0 ? {} : JSON.parse(answer.body.toString()) };
  };
  const { json: other } = await operate("POST", "/scim-settings", {
    ...{ name: "Other", provider: "other", groupSettings: { criteria: "idp" } },
  });
  await seedGroup(urls.tools, { ...setting, settingId: other.id }, name, []);
  const others = await Others.open(urls.rollcall, other.token.secret, members);
  const scim = await HttpConnection.open(urls.rollcall, setting.token);
  const run = async (title: string, change: () => Promise<{ status: number }>, isDone: () => Promise<boolean>) => {
    others.slowest = 0;
    const started = performance.now();
    const answered = change().then(({ status }) => ({ status, seconds: (performance.now() - started) / 1000 }));
    while (!(await isDone()) && performance.now() - started < PATIENCE) {
      await others.write();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const seconds = (performance.now() - started) / 1000;
    const { status, seconds: first } = await answered;
    return [title, String(status), show(first), show(seconds), show(others.slowest)];
  };
  const Operations = [{ op: "replace", path: "displayName", value: "Renamed" }];
  const rows = [
    await run(
      "rename of a group that shares its target group",
      () => scim.send({ method: "PATCH", path: `/scim/v2/Groups/${group}`, body: JSON.stringify({ Operations }) }),
      async () => {
        const { json } = await operate("GET", "/target-groups?limit=200");
        return json.items.some((item: Counted) => item.name === "Renamed" && item.memberCount === members);
      },
    ),
    await run(
      "DELETE of the setting with its users",
      async () => {
        const answer = await fetch(
          `${urls.rollcall}/api/v1/companies/${setting.companyId}/scim-settings/${setting.settingId}?users=remove`,
          { method: "DELETE", headers: { authorization: `Bearer ${operatorKey}` } },
        );
        return { status: answer.status };
      },
      async () => {
        const { json } = await operate("GET", "/target-groups?limit=200");
        return json.items.every((item: Counted) => item.name !== "Renamed");
      },
    ),
  ];
  for (const connection of [operator, scim]) connection.close();
  others.close();
  return rows;
}

interface Counted {
  name: string;
  memberCount: number;
}
