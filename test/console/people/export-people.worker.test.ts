import { expect, it } from "vitest";
import { must } from "../../safety/populated-company.ts";
import { newSetting, operate } from "../../scim-api/scim-client.ts";
import { getPage, makeAdmin } from "../sign-in-to.ts";

it("shows on the pages of a person, of a group and of an item what was reported, and on which terms", async () => {
  const { company, cookie } = await makeAdmin("Progress");
  const at = `/companies/${company.id}`;
  const client = await newSetting(company.id, { groupSettings: { criteria: "none", targetGroupName: "All" } });
  const ada = must(await client.send("POST", "/Users", { userName: "ada" }), 201).id;
  const [{ id: group }] = must(await operate("GET", `${at}/target-groups`), 200).items;
  const item = { kind: "training", id: "basics", name: "Basics", dueInDays: 30, reenrol: { afterDays: 365 } };
  must(await operate("PUT", `${at}/target-groups/${group}/auto-enrolments`, [item]), 200);
  const [{ id }] = must(await operate("GET", `${at}/enrolments`), 200).items;
  must(await operate("PUT", `${at}/enrolments/${id}/progress`, { status: "failed", score: 31.5 }), 200);
  const page = async (path: string) => (await getPage(`/console${at}/${path}`, cookie)).text();
  const person = await page(`people/${ada}`);
  for (const words of ["Failed", "Score 31.5.", "Due "]) expect(person).toContain(words);
  expect(person.replace(/<[^>]+>/g, "")).toContain("Failed: “Basics”");
  expect(await page(`groups/${group}`)).toContain(
    "due in 30 days, again for whoever completed it and comes back after 365 days",
  );
  expect(await page("trainings/item?kind=training&id=basics")).toContain("Failed");
});

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
    "User name,Email,First name,Last name,Department,Phone number,Badge,Status,Target groups,Enrolments,SCIM setting,Added,Id,Progress",
  );
  expect(ada).toMatch(/^ada,ada@example\.com,,,Research,'\+44 20 7946 0000,17,active,All; Research,Basics,Directory,/);
  expect(bob).toMatch(/^bob,,,,,,,active,All,Basics,Directory,/);
  expect(more).toEqual([]);
  const enrolments = must(await operate("GET", `${at}/enrolments`), 200).items;
  const reports = [{ status: "completed", score: 87, completedAt: "2026-11-02T08:30:00Z" }, { status: "inProgress" }];
  for (const [place, report] of reports.entries())
    must(await operate("PUT", `${at}/enrolments/${enrolments[place].id}/progress`, report), 200);
  // What was completed stays in the list when nothing gives it any more.
  must(await operate("PUT", `${at}/target-groups/${all}/auto-enrolments`, []), 200);
  const [, reported, withdrawn] = await csv("people");
  expect(reported).toMatch(/,Basics,Directory,.*,"Basics: completed 2026-11-02, score 87"$/);
  expect(withdrawn).toMatch(/,All,,Directory,/);
  expect((await csv("groups")).map((line) => line.split(",").slice(0, 3).join(","))).toEqual([
    "Name,Source,Members",
    "All,A setting’s own group,2",
    "Research,A field’s value,1",
  ]);
});
