import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { apiWith } from "./call-api.ts";
import { fillCompany, insert } from "./fill-company.ts";

interface List {
  items: { id: string; groupIds: string[] }[];
  nextCursor: string | null;
}

const api = apiWith(() => ({ ok: true, outcome: { kind: "done" } }));

describe("enrolments", () => {
  it("name the groups that hold them up today, and none once withdrawn", async () => {
    const { company, addUser, addTargetGroup, addReason, addEnrolment } = await fillCompany();
    const sales = await addTargetGroup("Sales");
    const board = await addTargetGroup("Board");
    const other = await addTargetGroup("Other");
    for (const group of [sales, board])
      await insert("auto_enrolments", {
        company_key: company.key,
        target_group_key: group.key,
        kind: "training",
        item_id: "course-1",
        name: "Course 1",
        created_at: 1,
      });
    const ada = await addUser("ada", { email: "Ada@x.test", email_key: "ada@x.test" });
    const twin = await addUser("ada2", { email: "ada@x.test", email_key: "ada@x.test" });
    await addReason(sales.key, ada.key, "manual");
    await addReason(board.key, twin.key, "manual");
    await addReason(other.key, ada.key, "manual");
    const old = await addEnrolment(ada.key, ada.id, { person_key: "ada@x.test", status: "withdrawn", withdrawn_at: 5 });
    const open = await addEnrolment(ada.key, ada.id, { person_key: "ada@x.test" });
    const list = async (query: string) => {
      const { json } = await api<List>("GET", `/companies/${company.id}/enrolments?${query}`);
      return json.items.map((item) => item.id);
    };
    const all = await api<List>("GET", `/companies/${company.id}/enrolments`);
    expect(all.json.items).toMatchObject([
      { id: old.id, status: "withdrawn", withdrawnAt: "1970-01-01T00:00:00.005Z", groupIds: [] },
      { id: open.id, userId: ada.id, itemId: "course-1", status: "active", withdrawnAt: null },
    ]);
    const [, active] = all.json.items;
    expect([...(active?.groupIds ?? [])].sort()).toEqual([sales.id, board.id].sort());
    expect(await list(`userId=${ada.id}`)).toEqual([old.id, open.id]);
    expect(await list(`userId=${twin.id}`)).toEqual([open.id]);
    expect(await list(`groupId=${board.id}`)).toEqual([open.id]);
    expect(await list(`groupId=${other.id}`)).toEqual([]);
    expect(await list("status=withdrawn&kind=training&itemId=course-1")).toEqual([old.id]);
    expect(await list("itemId=course-2")).toEqual([]);
    expect((await api("GET", `/companies/${company.id}/target-users/${twin.id}`)).json.enrolments).toMatchObject([
      { id: open.id },
    ]);
  });

  it.each([0, 1_100])("have one history, whoever held them, with %i other changes of a holder", async (others) => {
    const { company, addUser, addEnrolment } = await fillCompany();
    const [bob, ada] = [await addUser("bob"), await addUser("ada")];
    const { id } = await addEnrolment(ada.key, ada.id);
    const change = (seq: number, type: string, user: string, data: object, subject = id) =>
      insert("changes", {
        ...{ company_key: company.key, seq, type, time: seq, subject_kind: "enrolment", subject_id: subject },
        ...{ user_id: user, data: JSON.stringify(data), cause: "{}" },
      });
    await change(1, "enrolment.started", bob.id, {});
    await change(2, "enrolment.started", bob.id, {}, "another");
    await change(3_000, "enrolment.reassigned", ada.id, { oldUserId: bob.id, userId: ada.id });
    await env.DB.prepare(
      `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, user_id, data, cause)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
       SELECT ?2, 100 + i, 'user.updated', 1, 'user', ?3, ?3, '{}', '{}' FROM n WHERE ?1 > 0`,
    )
      .bind(others, company.key, bob.id)
      .run();
    const { status, json } = await api<{ history: { type: string }[] }>(
      "GET",
      `/companies/${company.id}/enrolments/${id}`,
    );
    expect(status).toBe(200);
    expect(json.history.map(({ type }) => type)).toEqual(["enrolment.started", "enrolment.reassigned"]);
  });

  it("of a group are read as the same list that PUT takes", async () => {
    const { company, addTargetGroup } = await fillCompany();
    const group = await addTargetGroup("Sales");
    const path = `/companies/${company.id}/target-groups/${group.id}/auto-enrolments`;
    const item = { kind: "training", id: "course-1", name: "Course 1" };
    const seen: unknown[] = [];
    const watched = apiWith((operation) => {
      seen.push(operation);
      return { ok: true, outcome: { kind: "done" } };
    });
    expect((await watched("PUT", path, [item])).json).toEqual({ items: [], nextCursor: null });
    await watched("PUT", path, { items: [item], nextCursor: null });
    const operation = { kind: "setAutoEnrolments", targetGroupId: group.id, items: [item] };
    expect(seen).toEqual([operation, operation]);
    expect((await watched("PUT", path, [item, item])).status).toBe(400);
    const errors = [{ pointer: "/0/kind", detail: "Give one of: training, phishing." }];
    for (const body of [[{ ...item, kind: "quiz" }], { items: [{ ...item, kind: "quiz" }] }])
      expect(await watched("PUT", path, body)).toMatchObject({ status: 400, json: { errors } });
  });
});
