import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { getPage, postForm, signInAdmin } from "../console/sign-in-to.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";
import {
  addSetting,
  Client,
  finishFollowUps,
  newBench,
  newWriter,
  requestOf,
  requireOutcome,
} from "../writer/bench.ts";

describe("people of a setting that was deleted with its users, before the steps have come to them", () => {
  let companyId: string;
  let ada: string;
  let kept: string;
  let at: string;
  let cookie: string;

  beforeAll(async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    companyId = bench.companyId;
    at = `/companies/${companyId}`;
    const client = new Client(bench.writer, bench.settingId);
    ada = await client.user("ada");
    const other = await addSetting(bench.writer, { criteria: "none", targetGroupName: "All" });
    kept = await new Client(bench.writer, other).user("kept");
    const remove = (settingId: string, users: "keep" | "remove") =>
      bench.writer.write(requestOf({ kind: "deleteSetting", settingId, users }));
    requireOutcome(await remove(other, "keep"));
    // Only decided: whoever answers for it has not begun with the steps.
    requireOutcome(await remove(bench.settingId, "remove"));
    const key = env.DB.prepare("SELECT company_key FROM companies WHERE id = ?").bind(companyId);
    cookie = await signInAdmin(Number(await key.first("company_key")));
  });

  const page = async (path: string) =>
    (await (await getPage(`/console${at}${path}`, cookie)).text()).replaceAll("<wbr/>", "");

  it("are shown as such by the lists, one by one, in the export, and are no others", async () => {
    for (const query of ["", "?managed=false", "?filter=userName%20pr"]) {
      const { items } = must(await operate("GET", `${at}/target-users${query}`), 200);
      expect(
        items.map(({ userName, managed, beingRemoved }: Record<string, unknown>) => [userName, managed, beingRemoved]),
      ).toEqual([
        ["ada", false, true],
        ["kept", false, false],
      ]);
    }
    expect(must(await operate("GET", `${at}/target-users/${ada}`), 200)).toMatchObject({ beingRemoved: true });
    expect(must(await operate("GET", `${at}/target-users/${kept}`), 200)).toMatchObject({ beingRemoved: false });
    expect(must(await operate("GET", `${at}/target-users/${ada}/export`), 200).user.beingRemoved).toBe(true);
  });

  it("are shown as such in the console, without a button that would do nothing", async () => {
    expect(await page("/people")).toContain("1 person without a connection");
    expect(await page("/people")).toContain("1 person being removed with a SCIM setting");
    const person = await page(`/people/${ada}`);
    expect(person).toContain("Being removed: the SCIM setting");
    expect(person).not.toContain(`/people/${ada}/edit`);
    expect(await page(`/people/${kept}`)).toContain(`/people/${kept}/edit`);
    const [{ id: all }] = must(await operate("GET", `${at}/target-groups`), 200).items;
    const group = await page(`/groups/${all}`);
    expect(group).toContain("ada");
    expect(group).not.toContain(`/members/${ada}/remove`);
    expect(group).toContain(`/members/${kept}/remove`);
    for (const path of ["edit", "remove", "status"])
      expect((await getPage(`/console${at}/people/${ada}/${path}`, cookie)).status, path).toBe(409);
  });

  it("are changed by nobody, and it is said why", async () => {
    const [{ id: all }] = must(await operate("GET", `${at}/target-groups`), 200).items;
    for (const [method, path, body] of [
      ["PATCH", `/target-users/${ada}`, { status: "inactive" }],
      ["DELETE", `/target-users/${ada}`],
      ["PUT", `/target-groups/${all}/members/${ada}`],
      ["DELETE", `/target-groups/${all}/members/${ada}`],
    ] as const)
      expect(must(await operate(method, at + path, body), 409), `${method} ${path}`).toMatchObject({
        code: "being_removed",
      });
    expect((await postForm(`/console${at}/people/${ada}/remove`, {}, cookie)).status).toBe(409);
  });

  it("are gone from every read with the commit that tells the feed", async () => {
    const gone = async () =>
      must(await operate("GET", `${at}/changes?limit=200&types=user.deleted`), 200).items.map(
        ({ subject }: { subject: { id: string } }) => subject.id,
      );
    expect(await gone()).toEqual([]);
    await finishFollowUps(newWriter(companyId));
    expect(await gone()).toEqual([ada]);
    must(await operate("GET", `${at}/target-users/${ada}`), 404);
    must(await operate("DELETE", `${at}/target-users/${ada}`), 404);
    expect(await page("/people")).not.toContain("being removed");
  });
});
