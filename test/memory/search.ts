import { memory, resetPeak } from "../bench/process-meter.ts";
import type { Runtime } from "../bench/start-runtime.ts";
import type { Genes, MemoryRequest, Random, Route } from "./request-parts.ts";
import { ROUTES } from "./requests.ts";
import type { Scene } from "./scene.ts";

/** The worst that was found on a route. */
export interface Worst {
  route: string;
  genes: Genes;
  status: number;
  /** By how much workerd grew while it was answered (MB). */
  growth: number;
  answered: number;
  tried: number;
}

/** A request that was not answered: the isolate died, or answered 500 and more for want of memory. */
export class NotAnswered extends Error {}

/** Numbers that follow from a seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Looks for the request of each route that makes workerd grow most: it begins with all that is largest, then moves what grew
 * most so far a little, until the rounds are over. Throws NotAnswered for one that is not answered.
 */
export async function searchWorst(
  runtime: Runtime,
  scene: Scene,
  options: { rounds: number; random: Random; routes?: readonly Route[] },
): Promise<Worst[]> {
  const { rounds, random, routes = ROUTES } = options;
  const found: Worst[] = [];
  for (const route of routes) {
    let worst: Worst | null = null;
    for (let round = 0; round < rounds; round += 1) {
      const genes: Genes =
        round % 3 === 2 && worst !== null
          ? near(worst.genes, random)
          : { size: round < 2 ? 1 : 0.3 + 0.7 * random(), shape: random(), more: random() };
      const { status, growth, answered } = await send(runtime, scene, route.make(genes, scene), route.name, genes);
      if (worst === null || growth > worst.growth)
        worst = { route: route.name, genes, status, growth, answered, tried: round + 1 };
    }
    if (worst !== null) found.push({ ...worst, tried: rounds });
  }
  return found.sort((left, right) => right.growth - left.growth);
}

function near({ size, shape, more }: Genes, random: Random): Genes {
  const move = (gene: number, by: number) => Math.min(1, Math.max(0, gene + (random() - 0.5) * by));
  return { size: move(size, 0.3), shape: move(shape, 0.15), more: move(more, 0.5) };
}

async function send(
  { urls, pid, operatorKey }: Runtime,
  { token, cookie }: Scene,
  request: MemoryRequest,
  route: string,
  genes: Genes,
) {
  resetPeak(pid);
  const before = memory(pid)?.now ?? Number.NaN;
  const headers = {
    ...(request.as === "admin"
      ? { cookie }
      : { authorization: `Bearer ${request.as === undefined ? token : operatorKey}` }),
    ...(request.body !== undefined && {
      "content-type": request.as === "operator" ? "application/json" : "application/scim+json",
    }),
  };
  try {
    const answer = await fetch(`${urls.rollcall}${request.path}`, {
      method: request.method,
      headers,
      body: request.body,
      redirect: "manual",
    });
    const bytes = await answer.arrayBuffer();
    if (answer.status >= 500) throw new Error(`${answer.status} ${new TextDecoder().decode(bytes.slice(0, 300))}`);
    return { status: answer.status, answered: bytes.byteLength, growth: (memory(pid)?.peak ?? Number.NaN) - before };
  } catch (error) {
    throw new NotAnswered(
      `${route} ${JSON.stringify(genes)} (${request.body?.length ?? 0} characters) was not answered: ${error}`,
    );
  }
}
