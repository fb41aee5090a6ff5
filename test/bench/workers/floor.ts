import { Hono } from "hono";

/** The least a Worker on Hono and D1 can do: the product's round trips with one plain statement each, and nothing else. */
const app = new Hono<{ Bindings: { DB: D1Database } }>();

const ONE = "SELECT id, document FROM users WHERE setting_key = ? AND id = ?";
const PAGE = "SELECT id, document FROM users WHERE setting_key = ? AND id > '' ORDER BY id LIMIT 100";

app.get("/read/:setting/:id", async (c) => {
  const { setting, id } = c.req.param();
  const [found] = await c.env.DB.batch<{ document: string }>([c.env.DB.prepare(ONE).bind(Number(setting), id)]);
  return c.body(found?.results[0]?.document ?? "{}");
});

app.get("/page/:setting", async (c) => {
  const [found] = await c.env.DB.batch<{ document: string }>([
    c.env.DB.prepare(PAGE).bind(Number(c.req.param("setting"))),
  ]);
  return c.body(`[${found?.results.map(({ document }) => document).join(",")}]`);
});

/** Reads a row and changes it: two trips, as a lone write of the product makes. */
app.post("/write/:setting/:id", async (c) => {
  const { setting, id } = c.req.param();
  const body = await c.req.text();
  const [found] = await c.env.DB.batch<{ document: string }>([c.env.DB.prepare(ONE).bind(Number(setting), id)]);
  await c.env.DB.batch([c.env.DB.prepare("INSERT INTO bench_writes (body) VALUES (?)").bind(body)]);
  return c.body(found?.results[0]?.document ?? "{}");
});

export default app;
