import { expect, it } from "vitest";
import { must } from "../../safety/populated-company.ts";
import { newSetting, operate } from "../../scim-api/scim-client.ts";
import { getPage, makeAdmin } from "../sign-in-to.ts";

it("exports people with phone, custom fields, groups and enrolments, and groups with words", async () => {
  const { company, cookie } = await makeAdmin("Exported");
  const at = `/companies/${company.id}`;
  must(await operate("POST", `${at}/fields`, { key: "badge", label: "Badge", type: "number" }), 201);
  const client = await newSetting(company.id, {
    fieldMappings: [{ field: "badge", path: "employeeNumber" }],
    groupSettings: { criteria: "field", field: "department", targetGroupName: "All" },
  });
  const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  const person = {
    userName: "ada",
    emails: [{ value: "ada@example.com" }],
    phoneNumbers: [{ value: "+44 20 7946 0000", type: "work" }],
    [enterprise]: { department: "Research", employeeNumber: "17" },
  };
  must(await client.send("POST", "/Users", { ...person, title: "x" }), 201);
  must(await client.send("POST", "/Users", { userName: "bob" }), 201);
  const { items } = must(await operate("GET", `${at}/target-groups`), 200);
  const all = items.find(({ name }: { name: string }) => name === "All").id;
  const item = { kind: "training", id: "basics", name: "Basics" };
  must(await operate("PUT", `${at}/target-groups/${all}/auto-enrolments`, [item]), 200);
  const csv = async (list: string) => {
    const text = await (await getPage(`/console${at}/${list}.csv`, cookie)).text();
    return text.replace("\uFEFF", "").trimEnd().split("\r\n");
  };
  const [head, ada, bob, ...more] = await csv("people");
  expect(head).toBe(
    "User name,Email,First name,Last name,Department,Phone number,Badge,Status,Target groups,Enrolments,SCIM setting,Added,Id",
  );
  expect(ada).toMatch(/^ada,ada@example\.com,,,Research,'\+44 20 7946 0000,17,active,All; Research,Basics,Directory,/);
  expect(bob).toMatch(/^bob,,,,,,,active,All,Basics,Directory,/);
  expect(more).toEqual([]);
  expect((await csv("groups")).map((line) => line.split(",").slice(0, 3).join(","))).toEqual([
    "Name,Source,Members",
    "All,A setting's own group,2",
    "Research,A field's value,1",
  ]);
});
