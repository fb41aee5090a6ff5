import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCounters } from "../bench/measure.ts";
import { userNameOf } from "../bench/people.ts";
import { type BenchSetting, createSetting } from "../bench/setting.ts";
import { type Runtime, startRuntime } from "../bench/start-runtime.ts";
import { IS_WHOLE } from "../generated-cases.ts";

/** The runtime as it is deployed: inside the tests' own, a request may not settle what another one waits for. */
let runtime: Runtime;
let setting: BenchSetting;
let ids: string[];
const persist = mkdtempSync(join(tmpdir(), "rollcall-shared-"));
const PEOPLE = 30;

beforeAll(async () => {
  runtime = await startRuntime({ persist, workers: ["counted"] });
  setting = await createSetting(runtime.urls.counted, runtime.operatorKey, "field");
  const people = Array.from({ length: PEOPLE }, (_, index) => JSON.stringify({ userName: userNameOf(index) }));
  ids = await Promise.all(people.map(async (body) => (await send("/Users", { method: "POST", body })).body.id));
});

afterAll(async () => {
  await runtime.stop();
  rmSync(persist, { recursive: true, force: true });
});

async function send(path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${setting.token}`, "content-type": "application/json" };
  const response = await fetch(`${runtime.urls.counted}/scim/v2${path}`, { ...init, headers });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const lookUp = (name: string) => send(`/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`);

/** Asks and goes away before the answer. */
async function askAndLeave(path: string): Promise<void> {
  const { hostname, port } = new URL(runtime.urls.counted);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once("connect", resolve));
  const request = `GET /scim/v2${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${setting.token}\r\n\r\n`;
  await new Promise((resolve) => socket.write(request, resolve));
  socket.destroy();
}

describe("reads that come together", () => {
  it("share trips to D1, and each gets its own answer", async () => {
    await send("/Users?count=1");
    const sharing = async () => {
      await readCounters(runtime.urls.counted);
      const reads = ids.flatMap((id, index) => [
        send(`/Users/${id}`).then(({ body }) => expect(body.id).toBe(id)),
        lookUp(userNameOf(index)).then(({ body }) => expect(body.Resources[0].userName).toBe(userNameOf(index))),
        lookUp(`nobody${index}`).then(({ body }) => expect(body.totalResults).toBe(0)),
      ]);
      reads.push(send("/Users?count=200").then(({ body }) => expect(body.Resources).toHaveLength(PEOPLE)));
      reads.push(send(`/Users/${crypto.randomUUID()}`).then(({ status }) => expect(status).toBe(404)));
      await Promise.all(reads);
      const { requestTrips } = await readCounters(runtime.urls.counted);
      expect(requestTrips).toBeGreaterThan(0);
      return requestTrips / reads.length;
    };
    // Whether they come together is up to the machine: once they do, they share.
    await expect.poll(sharing).toBeLessThan(1 / 2);
  });

  it("are answered though others go away before their answer", async () => {
    for (let round = 0; round < (IS_WHOLE ? 10 : 3); round += 1) {
      const leaving = ids.map((id) => askAndLeave(`/Users/${id}`));
      const staying = ids.map((id) => send(`/Users/${id}`));
      const answers = await Promise.all(staying);
      expect(answers.map(({ body }) => body.id)).toEqual(ids);
      await Promise.all(leaving);
    }
  });

  it("see every write that was answered before they were asked", async () => {
    let isOver = false;
    const crowd = Array.from({ length: 12 }, async (_, index) => {
      while (!isOver) await send(`/Users/${ids[index]}`);
    });
    const [id] = ids;
    for (let turn = 0; turn < (IS_WHOLE ? 30 : 10); turn += 1) {
      const Operations = [{ op: "replace", path: "title", value: `title ${turn}` }];
      await send(`/Users/${id}`, { method: "PATCH", body: JSON.stringify({ Operations }) });
      expect((await send(`/Users/${id}`)).body.title).toBe(`title ${turn}`);
    }
    isOver = true;
    await Promise.all(crowd);
  });

  it("end with the token: none is answered after its revocation", async () => {
    const { status } = await send("/Users?count=1");
    expect(status).toBe(200);
    const base = `${runtime.urls.counted}/api/v1/companies/${setting.companyId}/scim-settings/${setting.settingId}/tokens`;
    const headers = { authorization: `Bearer ${runtime.operatorKey}` };
    const { items } = (await (await fetch(base, { headers })).json()) as { items: { id: string }[] };
    for (const { id } of items) expect((await fetch(`${base}/${id}`, { method: "DELETE", headers })).ok).toBe(true);
    const answers = await Promise.all(ids.map((id) => send(`/Users/${id}`)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([401]));
  });
});
