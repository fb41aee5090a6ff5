import { pause, systemClock } from "./clock.ts";
import { isTransientFault } from "./transient-fault.ts";

const TRIES = 4;
/** Before the second try (ms); doubles with every further one, and varies so that those who failed together part. */
const PAUSE = 50;
/** No further try begins so long (ms) after the first: whoever asked does not wait any more. */
const PATIENCE = 5_000;

/** Does a work again that met a passing fault, a few times; only for what may be done twice. Throws what the last try met. */
export async function retry<T>(work: () => Promise<T>): Promise<T> {
  const since = systemClock();
  for (let attempt = 1; ; attempt += 1)
    try {
      return await work();
    } catch (error) {
      if (attempt === TRIES || !isTransientFault(error) || systemClock() - since > PATIENCE) throw error;
      await pause(PAUSE * 2 ** (attempt - 1) * (0.5 + Math.random()));
    }
}
