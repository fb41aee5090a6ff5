import { type BelievedUser, believe } from "../simulate/belief.ts";
import { listOf, objectOf } from "../simulate/document.ts";
import { pushGroup } from "../simulate/group-life.ts";
import type { Life } from "../simulate/life.ts";
import { runPool } from "../simulate/pool.ts";
import type { Call, Reply, Wire } from "../simulate/wire.ts";

const BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
/** Operations of one request. */
const MOST = 500;

interface Waiting {
  call: Call;
  answer(reply: Reply): void;
}

/** A wire that sends POSTs of users together, as Bulk requests (RFC 7644 section 3.7); others go as they are. */
class BulkWire implements Wire {
  readonly #wire: Wire;
  #waiting: Waiting[] = [];

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  send(call: Call): Promise<Reply> {
    if (call.method !== "POST" || !call.target.startsWith("/Users")) return this.#wire.send(call);
    return new Promise((answer, refuse) => {
      this.#waiting.push({ call, answer });
      if (this.#waiting.length === 1) setImmediate(() => this.#flush().catch(refuse));
    });
  }

  close(): void {
    this.#wire.close();
  }

  async #flush(): Promise<void> {
    const sent = this.#waiting;
    this.#waiting = [];
    const operations = sent.map(({ call }, n) => ({
      method: "POST",
      path: "/Users",
      bulkId: `b${n}`,
      data: call.body,
    }));
    const body = { schemas: [BULK], Operations: operations };
    const reply = await this.#wire.send({ method: "POST", target: "/Bulk", kind: "POST /Bulk", body });
    const results = new Map(listOf(objectOf(reply.body).Operations).map((one) => [one.bulkId, one]));
    for (const [n, { answer }] of sent.entries()) {
      const { status, location, response } = results.get(`b${n}`) ?? {};
      const id = String(location ?? "")
        .split("/")
        .at(-1);
      const document = status === "201" ? { id } : (response ?? reply.body);
      answer({ ...reply, status: Number(status ?? reply.status), body: document });
    }
  }
}

/** Brings the first people of a company to the directory in few requests, and pushes its groups in the provider's own way. */
export async function arriveInBulk(life: Life): Promise<void> {
  const { session, connector, belief, plan } = life;
  const create = (user: BelievedUser) => async () => {
    await connector.createUser(user, true);
    if (user.id !== null) believe(belief, user, "active");
  };
  const first = belief.users.filter(({ person }) => !plan.lateJoiners.has(person.index));
  const { wire } = session;
  session.wire = new BulkWire(wire);
  await runPool(first.map(create), MOST, () => {});
  session.wire = wire;
  await life.run(
    "push groups",
    belief.groups.map((group) => () => pushGroup(life, group)),
  );
}
