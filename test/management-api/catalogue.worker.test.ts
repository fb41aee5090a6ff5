import { expect, it } from "vitest";
import { must } from "../safety/populated-company.ts";
import { waitForLogAndWork } from "../safety/wait-for-log-and-work.ts";
import { newSetting, operate } from "../scim-api/scim-client.ts";

const basics = { kind: "training", id: "basics", name: "Security basics" };
const bait = { kind: "phishing", id: "basics", name: "Late invoice" };

async function newCompany() {
  const { id } = must(await operate("POST", "/companies", { name: "Choosing" }), 201);
  const at = `/companies/${id}`;
  const items = async (path: string) => must(await operate("GET", at + path), 200).items;
  return { id, at, items, put: (body: unknown) => operate("PUT", `${at}/catalogue`, body) };
}

it("a catalogue is replaced as a whole, in its order, by either shape", async () => {
  const { items, put } = await newCompany();
  expect(await items("/catalogue")).toEqual([]);
  expect(must(await put([bait, basics]), 200)).toEqual({ items: [bait, basics], nextCursor: null });
  must(await put({ items: [basics, { ...bait, name: "Later invoice" }] }), 200);
  expect(await items("/catalogue")).toEqual([basics, { ...bait, name: "Later invoice" }]);
  must(await put([basics]), 200);
  expect(await items("/catalogue")).toEqual([basics]);
  must(await put([]), 200);
  expect(await items("/catalogue")).toEqual([]);
});

it("a catalogue of another shape is refused where it is wrong, and changes nothing", async () => {
  const { items, put } = await newCompany();
  must(await put([basics]), 200);
  for (const [body, pointer] of [
    [[{ ...basics, kind: "exam" }], "/0/kind"],
    [[basics, { ...basics, name: "Again" }], "/1"],
    [[{ ...basics, id: "" }], "/0/id"],
    [[{ ...basics, name: " " }], "/0/name"],
    [[{ ...basics, name: "n".repeat(201) }], "/0/name"],
    [[{ ...basics, price: 1 }], "/0/price"],
    [{ things: [] }, ""],
  ] as const) {
    const answer = await put(body);
    expect([answer.status, answer.json.code], answer.text).toEqual([400, "invalid_input"]);
    expect(answer.json.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  }
  expect(await items("/catalogue")).toEqual([basics]);
});

it("a new name goes to every target group that enrols in the item, its enrolments and the feed; leaving out ends nothing", async () => {
  const { id, at, items, put } = await newCompany();
  const client = await newSetting(id, { groupSettings: { criteria: "none", targetGroupName: "All" } });
  must(await client.send("POST", "/Users", { userName: "ada" }), 201);
  const [all] = await items("/target-groups");
  const manual = must(await operate("POST", `${at}/target-groups`, { name: "Board" }), 201);
  const quiz = { kind: "training", id: "quiz", name: "Quiz" };
  must(await operate("PUT", `${at}/target-groups/${all.id}/auto-enrolments`, [basics, quiz]), 200);
  must(await operate("PUT", `${at}/target-groups/${manual.id}/auto-enrolments`, [basics]), 200);
  const renamed = { ...basics, name: "Security basics 2027" };
  const before = (await items("/changes?limit=200")).length;
  must(await put([basics]), 200);
  expect((await items("/changes?limit=200")).length).toBe(before);
  must(await put([renamed]), 200);
  await waitForLogAndWork(client);
  for (const group of [all, manual])
    expect(await items(`/target-groups/${group.id}/auto-enrolments`)).toContainEqual(expect.objectContaining(renamed));
  const names = async () => (await items("/enrolments?status=active")).map(({ name }: { name: string }) => name).sort();
  expect(await names()).toEqual(["Quiz", "Security basics 2027"]);
  const told = (await items("/changes?limit=200")).slice(before);
  expect(told.map(({ type }: { type: string }) => type)).toEqual([
    "auto_enrolments.changed",
    "auto_enrolments.changed",
  ]);
  must(await put([]), 200);
  await waitForLogAndWork(client);
  expect(await names()).toEqual(["Quiz", "Security basics 2027"]);
});
