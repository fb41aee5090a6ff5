import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import type { ApiEnv } from "../../src/management-api/api-env.ts";
import { pageQuery, readPaging } from "../../src/management-api/pagination.ts";
import { catchProblem } from "../../src/management-api/problem.ts";
import { readQuery } from "../../src/management-api/validate-input.ts";
import { readKey } from "../../src/platform/list-position.ts";

const query = pageQuery.extend({ kind: pageQuery.shape.cursor });
const app = new Hono<ApiEnv>();
app.onError(catchProblem);
app.get("/:list", readQuery(query), (c) => {
  const paging = readPaging(c, c.req.valid("query"), readKey);
  const rows = [1, 2, 3, 4, 5].filter((row) => row > (paging.after ?? 0)).slice(0, paging.take);
  return c.json(
    paging.answer(
      rows,
      (row) => row,
      (row) => `row ${row}`,
    ),
  );
});

async function get(path: string): Promise<{ status: number; items: string[]; nextCursor: string | null }> {
  const answer = await app.request(path);
  // Either a page or a problem, whose members the tests below do not read.
  return { status: answer.status, ...((await answer.json()) as { items: string[]; nextCursor: string | null }) };
}

describe("a page", () => {
  it("has a cursor when a row more was read, and none on the last page", async () => {
    const first = await get("/one?limit=3");
    expect(first).toMatchObject({ items: ["row 1", "row 2", "row 3"], nextCursor: expect.stringMatching(/^[\w-]+$/) });
    const last = await get(`/one?limit=3&cursor=${first.nextCursor}`);
    expect(last).toMatchObject({ items: ["row 4", "row 5"], nextCursor: null });
  });

  it("goes on by its cursor whatever the limit, and whatever is asked for besides the list's own parameters", async () => {
    const { nextCursor } = await get("/one?limit=1&kind=x");
    expect(await get(`/one?nonsense=1&limit=4&kind=x&cursor=${nextCursor}`)).toMatchObject({
      items: ["row 2", "row 3", "row 4", "row 5"],
    });
  });

  it("is refused with 400 by a cursor of another list, of another filter, of nobody", async () => {
    const { nextCursor } = await get("/one?limit=1");
    for (const path of [
      `/two?cursor=${nextCursor}`,
      `/one?kind=x&cursor=${nextCursor}`,
      "/one?cursor=",
      "/one?cursor=x",
      "/one?cursor=%25%25",
      "/one?cursor=bnVsbA",
      "/one?cursor=WzBd",
    ])
      expect((await get(path)).status, path).toBe(400);
  });

  it("holds 50 rows unless told, 1 to 200 when told", () => {
    expect(pageQuery.parse({})).toEqual({ limit: 50 });
    expect(pageQuery.parse({ limit: "200" }).limit).toBe(200);
    for (const limit of ["0", "201", "-1", "1.5", "many", ""])
      expect(pageQuery.safeParse({ limit }).success, limit).toBe(false);
  });
});
