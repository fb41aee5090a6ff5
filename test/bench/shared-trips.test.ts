import { expect, it } from "vitest";
import { SharedTrips } from "./workers/shared-trips.ts";

/** Trips whose bodies are noted when they are made, each of which comes back when it is told to. */
function world(isInOrder: boolean) {
  const trips = new SharedTrips(isInOrder);
  const made: string[] = [];
  const back = new Map<string, (answer: string) => void>();
  const make = (body: string) =>
    new Promise<string>((resolve) => {
      made.push(body);
      back.set(body, resolve);
    });
  const share = (number: number, sharers: number, part: string) => trips.share({ number, sharers, part }, make);
  return { made, share, comeBack: (body: string) => back.get(body)?.(`of ${body}`) };
}

it("a shared trip is made when the last of those that share it is there, and answers all of them", async () => {
  const { made, share, comeBack } = world(false);
  const early = [share(0, 3, ""), share(0, 3, "a"), share(1, 1, "b")];
  expect(made).toEqual(["b"]);
  const last = share(0, 3, "");
  expect(made).toEqual(["b", "a"]);
  comeBack("a");
  comeBack("b");
  expect(await Promise.all([...early, last])).toEqual(["of a", "of a", "of b", "of a"]);
});

it("trips in order wait for the one of the number before, whichever is there first", async () => {
  const { made, share, comeBack } = world(true);
  const second = share(1, 1, "b");
  const first = share(0, 1, "a");
  expect(made).toEqual(["a"]);
  comeBack("a");
  await first;
  await expect.poll(() => made).toEqual(["a", "b"]);
  comeBack("b");
  expect(await second).toBe("of b");
});
