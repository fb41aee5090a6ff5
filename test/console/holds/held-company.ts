import { env } from "cloudflare:workers";
import { must } from "../../safety/populated-company.ts";
import { settle } from "../../safety/settle.ts";
import { newSetting, operate, type ScimClient } from "../../scim-api/scim-client.ts";
import { getPage, postForm, signInAdmin } from "../sign-in-to.ts";

/** A company in which the brake has stopped people from leaving, as its admin's browser sees it. */
export interface HeldCompany {
  client: ScimClient;
  /** Where the company is in the management API. */
  at: string;
  /** Where it is in the console. */
  home: string;
  holdId: string;
  groupId: string;
  /** The SCIM ids of the people, in the order they came. */
  ids: string[];
  page: (path: string) => Promise<string>;
  post: (path: string, fields?: Record<string, string>) => Promise<Response>;
  settled: () => Promise<void>;
}

/** Ten people in a training, of whom the third and those after it up to `leavers` wait to be set inactive. */
export async function holdLeavers(name: string, leavers: number): Promise<HeldCompany> {
  const company = must(await operate("POST", "/companies", { name }), 201);
  const at = `/companies/${company.id}`;
  const client = await newSetting(company.id, {
    name: "Head office",
    groupSettings: { criteria: "none", targetGroupName: "Everyone" },
    safeguards: { leavers: { people: 2, percent: 0 } },
  });
  const ids: string[] = [];
  for (let n = 1; n <= 10; n += 1)
    ids.push(must(await client.send("POST", "/Users", { userName: `p${n}@held.example` }), 201).id);
  const { items: groups } = must(await operate("GET", `${at}/target-groups`), 200);
  const [{ id: groupId }] = groups;
  const items = [{ kind: "training", id: "basics", name: "Security basics" }];
  must(await operate("PUT", `${at}/target-groups/${groupId}/auto-enrolments`, items), 200);
  await settle(client);
  for (const id of ids.slice(0, leavers))
    must(
      await client.send("PATCH", `/Users/${id}`, { Operations: [{ op: "replace", path: "active", value: false }] }),
      200,
    );
  await settle(client);
  const { items: holds } = must(await operate("GET", `${at}/holds`), 200);
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(company.id)
    .first("company_key");
  const cookie = await signInAdmin(Number(key));
  const home = `/console/companies/${company.id}`;
  return {
    ...{ client, at, home, ids, groupId },
    holdId: holds[0]?.id ?? "none",
    page: async (path) => (await getPage(home + path, cookie)).text(),
    post: (path, fields = {}) => postForm(home + path, fields, cookie),
    settled: () => settle(client),
  };
}
