import { env } from "cloudflare:workers";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import { aroundD1 } from "../tools/around-d1.ts";
import type { Bench } from "./bench.ts";

/**
 * Has a writer work that dies at one of its trips to D1, before it or after it; gives whether it came to that trip. Another
 * writer of the bench is its successor.
 */
export async function workUntilDeath(
  bench: Bench,
  { trip, when }: { trip: number; when: "before" | "after" },
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
    if (trips > trip || (trips === trip && when === "before")) return die();
    const result = await execute();
    return trips === trip ? die() : result;
  });
  await Promise.race([work(bench.another({ d1 })), dies.promise]);
  return isDead;
}
