import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { listAutoEnrolmentsOfAll } from "../../src/enrolment/enrolment-store.ts";
import { listMembersOfAll } from "../../src/grouping/membership-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { newClient, operate } from "../scim-api/scim-client.ts";
import { fillCompany, insert } from "./fill-company.ts";

/** A company with people in two target groups, of which one enrols its members. */
async function openCompany() {
  const scim = await newClient({ groupSettings: { criteria: "field", field: "department" } });
  const base = `/companies/${scim.companyId}`;
  const arrive = async (userName: string, department: string) => {
    const made = await scim.send("POST", "/Users", {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName,
      emails: [{ value: userName, type: "work" }],
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department },
    });
    expect(made.status).toBe(201);
  };
  await arrive("ada@example.com", "Sales");
  await arrive("bob@example.com", "Ops");
  const [ops] = (await operate("GET", `${base}/target-groups`)).json.items;
  await operate("PUT", `${base}/target-groups/${ops.id}/auto-enrolments`, [
    { kind: "training", id: "t-1", name: "Phishing basics", dueInDays: 30, reenrol: { afterDays: 365 } },
  ]);
  return { base, arrive };
}

const linesOf = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("a snapshot", () => {
  it("has first the cursor of the feed's head, then everything that the lists have, then how much that was", async () => {
    const { base, arrive } = await openCompany();
    const { headers, text } = await operate("GET", `${base}/snapshot`);
    expect(headers.get("content-type")).toBe("application/x-ndjson");
    const [first, ...lines] = linesOf(text);
    expect(first).toEqual((await operate("GET", `${base}/changes/head`)).json);
    const of = (type: string) => lines.filter((line) => line.type === type).map((line) => line[type]);
    const list = async (path: string) => (await operate("GET", `${base}${path}`)).json.items;
    const groups = await list("/target-groups");
    expect(of("user")).toEqual(await list("/target-users"));
    expect(of("group")).toEqual(groups);
    expect(of("enrolment")).toEqual(await list("/enrolments"));
    const members = [];
    for (const { id } of groups)
      for (const { userId } of await list(`/target-groups/${id}/members`)) members.push({ groupId: id, userId });
    expect(of("member")).toHaveLength(2);
    expect(of("member")).toEqual(expect.arrayContaining(members));
    const given = [];
    for (const { id } of groups)
      for (const item of await list(`/target-groups/${id}/auto-enrolments`)) given.push({ ...item, groupId: id });
    expect(of("autoEnrolment")).toEqual(given);
    expect(given).toEqual([expect.objectContaining({ id: "t-1", dueInDays: 30, reenrol: { afterDays: 365 } })]);
    const end = { users: 2, groups: 2, autoEnrolments: 1, members: 2, enrolments: 1 };
    expect(lines.at(-1)).toEqual({ type: "end", ...end });
    await arrive("cy@example.com", "Ops");
    const { items } = (await operate("GET", `${base}/changes?after=${first.cursor}`)).json;
    expect(items.map(({ type }: { type: string }) => type)).toEqual([
      "user.created",
      "member.added",
      "enrolment.started",
    ]);
  });

  it("reads what all groups enrol in page by page, each item once, and of no other company", async () => {
    const { company, addTargetGroup } = await fillCompany();
    const other = await fillCompany();
    const addItem = (company_key: number, target_group_key: number, item_id: string) =>
      insert("auto_enrolments", { company_key, target_group_key, kind: "training", item_id, name: "A", created_at: 1 });
    await addItem(other.company.key, (await other.addTargetGroup("a")).key, "t-1");
    const expected: string[] = [];
    for (const name of ["a", "b", "c"]) {
      const group = await addTargetGroup(name);
      for (const item of ["t-1", "t-2", "t-3"]) {
        await addItem(company.key, group.key, item);
        expected.push(`${group.id} ${item}`);
      }
    }
    for (const take of [1, 2, 4, 100]) {
      const seen: string[] = [];
      for (let after: Parameters<typeof listAutoEnrolmentsOfAll>[2]["after"] = null; ; ) {
        const rows = await listAutoEnrolmentsOfAll(openRegistry(env), company.key, { take, after });
        seen.push(...rows.map(({ groupId, id }) => `${groupId} ${id}`));
        if (rows.length < take) break;
        after = rows.at(-1) ?? null;
      }
      expect(seen, `${take} at a time`).toEqual(expected);
    }
  });

  it("reads the members of all groups page by page, each once, whatever gives them", async () => {
    const { company, addTargetGroup, addUser, addReason } = await fillCompany();
    const other = await fillCompany();
    const expected: string[] = [];
    for (const name of ["a", "b", "c"]) {
      const group = await addTargetGroup(name);
      for (const n of [1, 2, 3]) {
        const user = await addUser(`${name}${n}`);
        await addReason(group.key, user.key, "manual");
        await addReason(group.key, user.key, "field", name);
        expected.push(`${group.id} ${user.id}`);
      }
    }
    const stranger = await other.addUser("stranger");
    await other.addReason((await other.addTargetGroup("a")).key, stranger.key, "manual");
    for (const take of [1, 2, 4, 100]) {
      const seen: string[] = [];
      for (let after: Parameters<typeof listMembersOfAll>[2]["after"] = null; ; ) {
        const page: Awaited<ReturnType<typeof listMembersOfAll>> = await listMembersOfAll(
          openRegistry(env),
          company.key,
          {
            take,
            after,
          },
        );
        seen.push(...page.map(({ groupId, userId }) => `${groupId} ${userId}`));
        after = page.at(-1) ?? null;
        if (after === null) break;
      }
      expect(seen).toEqual(expected);
    }
  });
});
