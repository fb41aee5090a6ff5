import { env } from "cloudflare:workers";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import { aroundD1 } from "../tools/around-d1.ts";
import type { Bench } from "./bench.ts";

/**
 * Has a writer work that dies after one of its trips to D1, which leaves what a death before the next one does; gives whether
 * it came to that trip. After trip 0 it dies before its first. Another writer of the bench is its successor.
 */
export async function workUntilDeath(
  bench: Bench,
  trip: number,
  work: (mortal: CompanyWriter) => Promise<void>,
): Promise<boolean> {
  let trips = 0;
  let isDead = false;
  const dies = Promise.withResolvers<void>();
  const die = () => {
    isDead = true;
    dies.resolve();
    return new Promise<never>(() => {});
  };
  const d1 = aroundD1(env.DB, async (_, execute) => {
    trips += 1;
    if (trips > trip) return die();
    const result = await execute();
    return trips === trip ? die() : result;
  });
  await Promise.race([work(bench.another({ d1 })), dies.promise]);
  return isDead;
}
