import { expect, it } from "vitest";
import { operate } from "../../scim-api/scim-client.ts";
import { makeSetting, pushUser } from "../made-setting.ts";
import { getPage, makeAdmin, postForm } from "../sign-in-to.ts";

it("asks before a person is taken out of a target group, with the trainings that end, or why they stay", async () => {
  const admin = await makeAdmin("Taken out");
  const { token } = await makeSetting(admin);
  const ada = await pushUser(token, "ada@example.com", "Board");
  const groups = `/companies/${admin.company.id}/target-groups`;
  const crew = (await operate("POST", groups, { name: "Crew" })).json.id;
  const { items } = (await operate("GET", groups)).json;
  const board = items.find(({ name }: { name: string }) => name === "Board").id;
  for (const id of [crew, board]) await operate("PUT", `${groups}/${id}/members/${ada}`);
  await operate("PUT", `${groups}/${crew}/auto-enrolments`, [{ kind: "training", id: "basics", name: "Basics" }]);
  const ask = async (id: string) => {
    const page = `/console/companies/${admin.company.id}/groups/${id}`;
    expect(await (await getPage(page, admin.cookie)).text()).toContain(`href="${page}/members/${ada}/remove"`);
    return (await getPage(`${page}/members/${ada}/remove`, admin.cookie)).text();
  };
  expect(await ask(crew)).toContain("Training “Basics”: ends for 1 person");
  const stays = await ask(board);
  expect(stays).toContain("They stay in Board, because:");
  expect(stays).toMatch(/<button class="danger" type="submit">\s*Take out/);
  const url = `/console/companies/${admin.company.id}/groups/${crew}`;
  await postForm(`${url}/members/${ada}/remove`, {}, admin.cookie);
  expect((await getPage(`${url}/members/${ada}/remove`, admin.cookie)).status).toBe(404);
});
