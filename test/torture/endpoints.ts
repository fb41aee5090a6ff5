import { setTimeout as sleep } from "node:timers/promises";
import { parseFeedCursor } from "../../src/changes/feed-cursor.ts";
import type { Random } from "../simulate/random.ts";
import { type Behaviour, LoopbackReceiver } from "../webhooks/loopback-receiver.ts";
import type { TortureRuntime } from "./torture-runtime.ts";
import type { Judge, WireClient } from "./wire-client.ts";

/** One webhook of the company and the endpoint behind it. */
interface Endpoint {
  name: string;
  id: string;
  /** The change after which it was made. */
  start: number;
  receiver: LoopbackReceiver;
}

/**
 * How an endpoint is drained: who is patient waits for back-offs and for a cron of once a minute, as in life. Who is not helps
 * when nothing has come for a while: a cron beside couriers that go on would only take their time.
 */
const PATIENCE = { cron: 60_000, giveUpAfter: 180_000 };
const IMPATIENCE = { cron: 1_000, giveUpAfter: 60_000 };

/** So long nothing may come before a round counts what is under way (ms): longer than the pause between two reports. */
const QUIET = 1_000;

/** The company's endpoints: one answers always, the other has troubles of its own while a round's faults last. */
export class Endpoints {
  readonly #operator: WireClient;
  readonly #companyId: string;
  readonly #judge: Judge;
  readonly #endpoints: Endpoint[] = [];
  #isTroubled = false;
  #isDown = false;

  private constructor(operator: WireClient, companyId: string, judge: Judge) {
    this.#operator = operator;
    this.#companyId = companyId;
    this.#judge = judge;
  }

  /** Makes the webhooks of a company. */
  static async open(operator: WireClient, companyId: string, judge: Judge, random: Random): Promise<Endpoints> {
    const endpoints = new Endpoints(operator, companyId, judge);
    await endpoints.#add("steady", () => ({ status: 204 }));
    await endpoints.#add("troubled", () => endpoints.#trouble(random));
    return endpoints;
  }

  async #add(name: string, behave: () => Behaviour): Promise<void> {
    const receiver = new LoopbackReceiver();
    receiver.behave = behave;
    const { json } = await this.#operator.send("POST", this.#path, { url: await receiver.open() });
    this.#endpoints.push({
      name,
      id: json.id,
      start: parseFeedCursor(this.#companyId, json.cursor)?.seq ?? Number.NaN,
      receiver,
    });
  }

  get #path(): string {
    return `/companies/${this.#companyId}/webhooks`;
  }

  #trouble(random: Random): Behaviour {
    if (!this.#isTroubled) return { status: 204 };
    if (this.#isDown) return { status: null };
    const roll = random.next();
    if (roll < 0.01) return { status: 500 };
    if (roll < 0.02) return { status: null };
    if (roll < 0.03) return { status: 204, losesAnswer: true };
    return { status: 204, delay: random.int(20) };
  }

  /** Has the troubled endpoint go wrong from now on, or be well again. */
  set isTroubled(isTroubled: boolean) {
    this.#isTroubled = isTroubled;
    this.#isDown = isTroubled && !this.#isDown;
  }

  /** While nobody dies, each endpoint has one request under way at most: counted from a quiet moment on. */
  async watchPace(runtime: TortureRuntime): Promise<void> {
    await this.#settle(runtime, false);
    // A courier that an earlier round cut off may still send what is left of its last round: it is done with it when nothing
    // has come for a while.
    for (let taken = Number.NaN; taken !== this.#countTaken(); await sleep(QUIET)) taken = this.#countTaken();
    for (const { receiver } of this.#endpoints) receiver.mostUnderWay = receiver.underWay;
  }

  /** How many requests the endpoints have taken, or have under way. */
  #countTaken(): number {
    return this.#endpoints.reduce((sum, { receiver }) => sum + receiver.taken.length + receiver.underWay, 0);
  }

  /** Tells of an endpoint that had more. */
  checkPace(): void {
    for (const { name, receiver } of this.#endpoints)
      if (receiver.mostUnderWay > 1) this.#judge.report(`${name} had ${receiver.mostUnderWay} requests under way`);
  }

  /** Waits until every endpoint has the last change, and compares what each received with the feed. */
  async drain(runtime: TortureRuntime, isPatient: boolean): Promise<string> {
    const began = Date.now();
    await this.#settle(runtime, isPatient);
    for (const endpoint of this.#endpoints) await this.#compare(runtime, endpoint);
    const sizes = this.#endpoints.map(({ name, receiver: { taken } }) => {
      const changes = new Set(taken).size;
      return `${name} ${changes} changes and ${taken.length - changes} again`;
    });
    return `${sizes.join(", ")}; drained in ${Date.now() - began} ms`;
  }

  async #settle(runtime: TortureRuntime, isPatient: boolean): Promise<void> {
    this.isTroubled = false;
    if (!isPatient)
      for (const { id } of this.#endpoints) await this.#operator.send("POST", `${this.#path}/${id}/resume`, {});
    const { cron, giveUpAfter } = isPatient ? PATIENCE : IMPATIENCE;
    let [left, progressAt, cronAt] = [await this.#countLeft(runtime), Date.now(), Date.now()];
    while (left > 0 && Date.now() - progressAt < giveUpAfter) {
      await sleep(100);
      if (Date.now() - cronAt > cron) {
        cronAt = Date.now();
        await runtime.runCron();
      }
      const now = await this.#countLeft(runtime);
      if (now < left) progressAt = Date.now();
      if (now < left && !isPatient) cronAt = Date.now();
      left = now;
    }
  }

  async #countLeft(runtime: TortureRuntime): Promise<number> {
    const [row] = await runtime.rows(
      `SELECT sum(c.change_seq - w.cursor_seq) AS n FROM webhooks w JOIN companies c ON c.company_key = w.company_key`,
    );
    return Number(row?.n);
  }

  /** Every change arrives, for the first time in the order of the feed; what comes again came before. */
  async #compare(runtime: TortureRuntime, { name, id, start, receiver }: Endpoint): Promise<void> {
    const rows = await runtime.rows(
      `SELECT c.seq FROM changes c JOIN webhooks w ON w.company_key = c.company_key
       WHERE w.id = ? AND c.seq > ? ORDER BY c.seq`,
      ...[id, start],
    );
    const feed = rows.map(({ seq }) => Number(seq));
    const first = [...new Set(receiver.taken.map((each) => Number(each.split("-").at(-2))))];
    const wrong = feed.findIndex((seq, index) => first[index] !== seq);
    if (wrong >= 0)
      this.#judge.report(`${name} has ${first[wrong]} where the feed has ${feed[wrong]}, of ${feed.length}`);
    else if (first.length > feed.length) this.#judge.report(`${name} has ${first.length} changes of ${feed.length}`);
  }

  close(): void {
    for (const { receiver } of this.#endpoints) receiver.close();
  }
}
