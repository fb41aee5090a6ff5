import { DurableObject } from "cloudflare:workers";
import { Hono } from "hono";
import type { SentBatch } from "./record-batches.ts";

interface FloorEnv {
  DB: D1Database;
  /** Where a recording began. */
  REPLAYED: D1Database;
  ORDER: DurableObjectNamespace<FloorObject>;
}

/** The least a Worker on Hono and D1 can do: the product's round trips with one plain statement each, and nothing else. */
const app = new Hono<{ Bindings: FloorEnv }>();

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
  return c.body(await readAndWrite(c.env.DB, { setting: Number(setting), id, body: await c.req.text() }));
});

/** The same in an object, as every write must go that is put into an order: with so many statements in each trip, or no first one. */
app.post("/ordered/:reads/:writes/:setting/:id", async (c) => {
  const { setting, id, reads, writes } = c.req.param();
  const order = c.env.ORDER.get(c.env.ORDER.idFromName("one"));
  const write = { setting: Number(setting), id, body: await c.req.text() };
  return c.body(await order.write(write, Number(reads), Number(writes)));
});

/** The texts of the statements that are replayed, by number: learnt once, so that a request brings values only. */
let texts: string[] = [];

app.post("/texts", async (c) => {
  texts = await c.req.json();
  return c.body(null, 204);
});

/** Sends batches again that a writer of the product sent, from an object to each of the product's; gives the rows written. */
app.post("/replay/:company", async (c) => {
  const object = c.env.ORDER.get(c.env.ORDER.idFromName(`replay ${c.req.param("company")}`));
  return c.body(String(await object.replay(await c.req.text())));
});

interface Write {
  setting: number;
  id: string;
  body: string;
}

async function readAndWrite(d1: D1Database, { setting, id, body }: Write, reads = 1, writes = 1): Promise<string> {
  const read = () => d1.prepare(ONE).bind(setting, id);
  const write = () => d1.prepare("INSERT INTO bench_writes (body) VALUES (?)").bind(body);
  const [found] = reads === 0 ? [] : await d1.batch<{ document: string }>(Array.from({ length: reads }, read));
  await d1.batch(Array.from({ length: writes }, write));
  return found?.results[0]?.document ?? "{}";
}

/** An object that does no more than the bare Worker does: what comes at once is not put together. */
export class FloorObject extends DurableObject<FloorEnv> {
  write(write: Write, reads: number, writes: number): Promise<string> {
    return readAndWrite(this.env.DB, write, reads, writes);
  }

  /** Sends batches, one after the other, each a JSON list of statements: the number of its text and its values. */
  async replay(batches: string): Promise<number> {
    let written = 0;
    for (const batch of JSON.parse(batches) as SentBatch["statements"][]) {
      const statements = batch.map(([text, values]) => this.env.REPLAYED.prepare(texts[text] ?? "").bind(...values));
      const results = await this.env.REPLAYED.batch(statements);
      written += results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
    }
    return written;
  }
}

export default app;
