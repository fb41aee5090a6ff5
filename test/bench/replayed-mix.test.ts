import { expect, it } from "vitest";
import { RecordedTrips } from "./replayed-mix.ts";
import type { SentBatch } from "./workers/record-batches.ts";

/** A batch that is told by the rows that it wrote. */
const batch = (rowsWritten: number): SentBatch => ({ statements: [], rowsWritten });
const read = (...reads: number[]) => ({ reads, written: null });
const write = (written: number) => ({ reads: [], written });
const bodyOf = (...rows: number[]) => JSON.stringify(rows.map(batch));

it("requests are replaced by their parts in the trips that were recorded, whose statements the last one brings", () => {
  const trips = new RecordedTrips();
  const recorded = {
    requests: [read(0), write(2), read(1), write(2), read(1), write(3)],
    reads: [batch(0), batch(0)],
    writes: [batch(1), batch(2), batch(3), batch(4)],
  };
  expect(trips.replace(recorded).map(({ path, body }) => [path, body])).toEqual([
    ["/trip/read/0/0/1", bodyOf(0)],
    ["/trip/write/0/0/2", ""],
    ["/trip/read/0/1/2", ""],
    ["/trip/write/0/0/2", bodyOf(1, 2)],
    ["/trip/read/0/1/2", bodyOf(0)],
    ["/trip/write/0/1/1", bodyOf(3)],
  ]);
  // What the writer sent after the last request goes along with the first commit of the next run.
  const next = trips.replace({ requests: [write(1)], reads: [], writes: [batch(5)] });
  expect(next).toEqual([{ method: "POST", path: "/trip/write/1/0/1", body: bodyOf(4, 5) }]);
});

it("a request that made other trips than one commit or one read is not replaced by less", () => {
  const asked = { requests: [read(0, 1)], reads: [batch(0), batch(0)], writes: [] };
  expect(() => new RecordedTrips().replace(asked)).toThrow("other trips");
});
