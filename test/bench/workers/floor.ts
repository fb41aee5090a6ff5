import { DurableObject } from "cloudflare:workers";
import { Hono } from "hono";
import type { SentBatch } from "./record-batches.ts";
import { type SharedTrip, SharedTrips } from "./shared-trips.ts";

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

/** The reads of Workers, which share trips as the product's do. */
const reads = new SharedTrips();

/**
 * Makes a trip that was recorded once all that share it are there: a read's from here, a write's from an object, one after the
 * other. Each run has an object of its own: one that was idle for a while is gone.
 */
app.post("/trip/:kind/:run/:number/:sharers", async (c) => {
  const { kind, run, number, sharers } = c.req.param();
  const trip = { number: Number(number), sharers: Number(sharers), part: await c.req.text() };
  if (kind === "read") return c.body(await reads.share(trip, (body) => replayExactly(c.env.REPLAYED, body)));
  return c.body(await c.env.ORDER.get(c.env.ORDER.idFromName(`run ${run}`)).share(trip));
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

/** Sends batches, one after the other, each a JSON list of statements: the number of its text and its values; gives the rows written. */
async function replay(d1: D1Database, batches: readonly SentBatch["statements"][]): Promise<number> {
  let written = 0;
  for (const batch of batches) {
    const results = await d1.batch(batch.map(([text, values]) => d1.prepare(texts[text] ?? "").bind(...values)));
    written += results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
  }
  return written;
}

/** The same of batches with the rows that they wrote, which they have to write again. */
async function replayExactly(d1: D1Database, body: string): Promise<string> {
  const batches = JSON.parse(body) as SentBatch[]; // as they were recorded
  const rows = batches.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
  const written = await replay(
    d1,
    batches.map(({ statements }) => statements),
  );
  if (written !== rows) throw new Error(`a replay wrote ${written} rows, and what it repeats ${rows}`);
  return String(written);
}

/** An object that does no more than the bare Worker does: what comes at once is not put together. */
export class FloorObject extends DurableObject<FloorEnv> {
  readonly #commits = new SharedTrips(true);

  write(write: Write, reads: number, writes: number): Promise<string> {
    return readAndWrite(this.env.DB, write, reads, writes);
  }

  /** Sends batches again; gives the rows written. */
  replay(batches: string): Promise<number> {
    return replay(this.env.REPLAYED, JSON.parse(batches)); // the bench's own
  }

  /** Makes a shared trip after those of lower numbers, as commits follow one another. */
  share(trip: SharedTrip): Promise<string> {
    return this.#commits.share(trip, (body) => replayExactly(this.env.REPLAYED, body));
  }
}

export default app;
