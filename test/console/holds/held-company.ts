import { env } from "cloudflare:workers";
import { must } from "../../safety/populated-company.ts";
import { waitForLogAndWork } from "../../safety/wait-for-log-and-work.ts";
import { newSetting, operate, postUsers, type ScimClient } from "../../scim-api/scim-client.ts";
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
  workDone: () => Promise<void>;
}

/** Five people of a department of an odd name, all of them in a training of everybody's: three wait to leave the department's group. */
export async function holdEmptied(name: string): Promise<HeldCompany> {
  const company = must(await operate("POST", "/companies", { name }), 201);
  const client = await newSetting(company.id, {
    name: "Head office",
    groupSettings: {
      ...{ criteria: "field", field: "department", targetGroupScope: "everyone", targetGroupName: "Everyone" },
    },
    safeguards: { emptied: { people: 2, percent: 0 } },
  });
  const people = [1, 2, 3, 4, 5].map((n) => ({
    userName: `q${n}@held.example`,
    name: { givenName: "Quinn", familyName: `Lab ${n}` },
    [ENTERPRISE]: { department: ODD },
  }));
  const ids = await postUsers(client, people);
  await trainIn(client, company.id, "Everyone", { kind: "training", id: "basics", name: "Security basics" });
  await trainIn(client, company.id, ODD, { kind: "training", id: "lab", name: "Lab safety" });
  const emptied = { Operations: [{ op: "remove", path: `${ENTERPRISE}:department` }] };
  for (const id of ids) must(await client.send("PATCH", `/Users/${id}`, emptied), 200);
  await waitForLogAndWork(client);
  return enter(company.id, client, ids);
}

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/** The name of a department that has quotes of its own. */
const ODD = 'R&D "Skunk" Works';

/** The people of these numbers, as they are created. */
export function personsOf(first: number, last: number): { userName: string }[] {
  return Array.from({ length: last - first + 1 }, (_, n) => ({ userName: `p${first + n}@held.example` }));
}

/** Ten people in a training, of whom the third and those after it up to `leavers` wait to be set inactive. */
export async function holdLeavers(name: string, leavers: number): Promise<HeldCompany> {
  const company = must(await operate("POST", "/companies", { name }), 201);
  const client = await newSetting(company.id, {
    name: "Head office",
    groupSettings: { criteria: "none", targetGroupName: "Everyone" },
    safeguards: { leavers: { people: 2, percent: 0 } },
  });
  const ids = await postUsers(client, personsOf(1, 10));
  await trainIn(client, company.id, "Everyone", { kind: "training", id: "basics", name: "Security basics" });
  for (const id of ids.slice(0, leavers))
    must(
      await client.send("PATCH", `/Users/${id}`, { Operations: [{ op: "replace", path: "active", value: false }] }),
      200,
    );
  if (leavers > 0) await waitForLogAndWork(client);
  return enter(company.id, client, ids);
}

async function trainIn(client: ScimClient, companyId: string, name: string, item: Record<string, string>) {
  const at = `/companies/${companyId}`;
  const { items } = must(await operate("GET", `${at}/target-groups`), 200);
  const group = items.find((one: { name: string }) => one.name === name);
  must(await operate("PUT", `${at}/target-groups/${group.id}/auto-enrolments`, [item]), 200);
  await waitForLogAndWork(client);
}

async function enter(companyId: string, client: ScimClient, ids: string[]): Promise<HeldCompany> {
  const at = `/companies/${companyId}`;
  const { items: groups } = must(await operate("GET", `${at}/target-groups`), 200);
  const { items: holds } = must(await operate("GET", `${at}/holds`), 200);
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(companyId)
    .first("company_key");
  const cookie = await signInAdmin(Number(key));
  const home = `/console/companies/${companyId}`;
  return {
    ...{ client, at, home, ids, groupId: groups[0].id },
    holdId: holds[0]?.id ?? "none",
    page: async (path) => (await getPage(home + path, cookie)).text(),
    post: (path, fields = {}) => postForm(home + path, fields, cookie),
    workDone: () => waitForLogAndWork(client),
  };
}
