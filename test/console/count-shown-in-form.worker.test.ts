import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { BURST } from "../../src/companies/share-of-database-time.ts";
import { must } from "../safety/populated-company.ts";
import { operate, postUsers } from "../scim-api/scim-client.ts";
import { type HeldCompany, holdLeavers, personsOf } from "./holds/held-company.ts";

const FRESH = { group: "Fresh", scope: "everyone", criteria: "none" };

/** What is left of a company's share, nothing: from then on nobody is counted, and what asks for it is refused. */
async function useUpShare({ at }: HeldCompany, used = BURST + 3_600_000): Promise<void> {
  await env.SHARE.get(env.SHARE.idFromName(at.split("/")[2] ?? "")).charge(used);
}

function countedIn(page: string): string {
  return /name="counted" value="([^"]+)"/.exec(page)?.[1] ?? "";
}

/** What asks before much is done: where its page's numbers are, and the form that does it. */
const DECISIONS: [
  string,
  number,
  (world: HeldCompany) => Promise<{ figures: string; path: string; form: Record<string, string> }>,
][] = [
  [
    "stops a group's enrolling",
    0,
    async ({ groupId }) => {
      const path = `/groups/${groupId}/auto-enrolments/remove`;
      const form = { kind: "training", id: "basics" };
      return { figures: `${path}/figures?${new URLSearchParams(form)}`, path, form: { ...form, typed: "101" } };
    },
  ],
  [
    "groups people otherwise",
    0,
    async ({ client }) => {
      const path = `/settings/${client.settingId}/grouping`;
      return {
        figures: `${path}/preview/figures?${new URLSearchParams(FRESH)}`,
        path,
        form: { ...FRESH, typed: "101" },
      };
    },
  ],
  [
    "releases a hold",
    4,
    async ({ at, holdId }) => {
      const { version } = must(await operate("GET", `${at}/holds/${holdId}`), 200);
      const path = `/holds/${holdId}/release`;
      return { figures: `${path}/figures?version=${version}`, path, form: { version: String(version) } };
    },
  ],
];

it.each(DECISIONS)(
  "what %s is not counted again where nothing has changed since its page",
  async (what, leavers, decide) => {
    const world = await holdLeavers(`Counted: ${what}`, leavers);
    if (leavers === 0) await postUsers(world.client, personsOf(11, 101));
    await world.workDone();
    const { figures, path, form } = await decide(world);
    const before = countedIn(await world.page(figures));
    expect(before).toMatch(/^\d+-[\d.]+$/);
    // Somebody comes: what the page has counted may not be so any more.
    must(await world.client.send("POST", "/Users", { userName: "late@held.example" }), 201);
    await world.workDone();
    const counted = countedIn(await world.page(figures));
    expect(counted).not.toBe(before);
    await useUpShare(world);
    for (const old of ["", before, "x", `1-${counted.split("-")[1]}x`])
      expect((await world.post(path, { ...form, counted: old })).status, old).toBe(429);
    const typed: Record<string, string> = form.typed === undefined ? {} : { typed: counted.split("-")[0] ?? "" };
    if (form.typed !== undefined) {
      const wrong = await world.post(path, { ...form, typed: "7", counted });
      expect([303, 422]).toContain(wrong.status);
      expect(wrong.headers.get("location") ?? "typed=wrong").toContain("typed=wrong");
    }
    const done = await world.post(path, { ...form, ...typed, counted });
    expect(done.status).toBe(303);
    expect(done.headers.get("location")).not.toContain("typed=wrong");
  },
);

it("a list that is refused for now is led back to, as it was asked for", async () => {
  const world = await holdLeavers("Counted: again", 0);
  await useUpShare(world);
  const refused = await world.page("/people?sort=department&q=a%26b");
  expect(refused).toContain("Too many searches at once");
  const [, again = ""] = /<a class="button" href="([^"]*)">\s*Try again/.exec(refused) ?? [];
  expect(again).toBe(`${world.home}/people?sort=department&amp;q=a%26b`);
});

it("what a small group stops is not counted at all", async () => {
  const world = await holdLeavers("Counted: few", 0);
  await useUpShare(world);
  const path = `/groups/${world.groupId}/auto-enrolments/remove`;
  expect((await world.post(path, { kind: "training", id: "basics" })).status).toBe(303);
});
