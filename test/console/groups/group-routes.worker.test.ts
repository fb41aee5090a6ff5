import { describe, expect, it } from "vitest";
import { makeSetting, pushUser } from "../made-setting.ts";
import { getPage, makeAdmin, postForm } from "../sign-in-to.ts";

describe("a target group", () => {
  it("takes people and enrolments by hand, and refuses bad input beside its field", async () => {
    const admin = await makeAdmin("By hand");
    const { token } = await makeSetting(admin);
    await pushUser(token, "ada@example.com");
    const groups = `/console/companies/${admin.company.id}/groups`;
    const made = await postForm(groups, { name: "Board" }, admin.cookie);
    const url = (made.headers.get("Location") ?? "").split("?")[0] ?? "";
    const twice = await postForm(groups, { name: "BOARD" }, admin.cookie);
    expect(twice.status).toBe(422);
    expect(await twice.text()).toMatch(/value="BOARD"[^>]*aria-invalid="true"/);
    const nobody = await postForm(`${url}/members`, { person: "eve@example.com" }, admin.cookie);
    expect(await nobody.text()).toMatch(/value="eve@example.com"[^>]*aria-invalid="true"/);
    await postForm(`${url}/members`, { person: "ADA@example.com" }, admin.cookie);
    const added = { kind: "training", id: "t1", name: "Welcome", confirmed: "yes" };
    await postForm(`${url}/auto-enrolments`, added, admin.cookie);
    const page = await (await getPage(url, admin.cookie)).text();
    expect(page).toContain("Added by hand");
    expect(page).toContain("Welcome");
    const again = await postForm(
      `${url}/auto-enrolments`,
      { kind: "training", id: "t1", name: "Welcome" },
      admin.cookie,
    );
    expect(again.status).toBe(422);
    await postForm(`${url}/auto-enrolments/remove`, { kind: "training", id: "t1" }, admin.cookie);
    const left = await (await getPage(url, admin.cookie)).text();
    expect(left).toContain("Nothing yet.");
  });
});
