import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Runtime, startRuntime } from "../bench/start-runtime.ts";
import { ROUTES } from "./requests.ts";
import { type Scene, setScene } from "./scene.ts";
import { NotAnswered, randomOf, searchWorst } from "./search.ts";

/*
 * A short run of `npm run memory`: workerd with the heap that an isolate has. A request that takes more ends the process,
 * and is not answered.
 */

const folder = mkdtempSync(join(tmpdir(), "rollcall-memory-"));
let runtime: Runtime;
let scene: Scene;

beforeAll(async () => {
  runtime = await startRuntime({
    persist: folder,
    workers: ["rollcall", "tools"],
    heapLimit: 128,
    withoutShares: true,
  });
  scene = await setScene(runtime, { people: 500, large: 60, groups: 30 });
});

afterAll(async () => {
  await runtime.stop().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
});

/** A body of eight megabytes that is made of one thing. */
const filled = (unit: string) =>
  `{"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"x":[${Array(
    Math.floor(8_300_000 / (unit.length + 1)),
  )
    .fill(unit)
    .join()}]}}]}`;

describe("an isolate of 128 MB", () => {
  it("lives through the largest requests of every route", async () => {
    const worst = await searchWorst(runtime, scene, { rounds: 1, random: randomOf(18) });
    expect(worst).toHaveLength(ROUTES.length);
  });

  it("refuses bodies of millions of values before it would die of them", async () => {
    const headers = { authorization: `Bearer ${scene.token}`, "content-type": "application/scim+json" };
    for (const unit of ["[]", "{}", "1"]) {
      const body = filled(unit);
      const answer = await fetch(`${runtime.urls.rollcall}/scim/v2/Bulk`, { method: "POST", headers, body });
      expect(answer.status, unit).toBe(413);
    }
  });

  it("is what the search ends when a request takes more", async () => {
    const tight = await startRuntime({ persist: join(folder, "tight"), workers: ["rollcall", "tools"], heapLimit: 24 });
    try {
      const small = await setScene(tight, { people: 10, large: 5, groups: 1 });
      const routes = ROUTES.filter(({ name }) => name.startsWith("POST /Bulk"));
      await expect(searchWorst(tight, small, { rounds: 4, random: randomOf(18), routes })).rejects.toThrow(NotAnswered);
    } finally {
      await tight.stop().catch(() => {});
    }
  });
});
