import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";

/** Builds a Worker in which a file says something else; throws where what is to be replaced is not there any more. */
function replacing(file: RegExp, text: string, by: string): Plugin {
  return {
    name: `replacing ${text}`,
    setup(build) {
      build.onLoad({ filter: file }, ({ path }) => {
        const contents = readFileSync(path, "utf8");
        if (!contents.includes(text)) throw new Error(`${path} has no "${text}" any more`);
        return { contents: contents.replace(text, by), loader: "ts" };
      });
    },
  };
}

/** What the product does to be faster, each with how a Worker is built that does not: what it gains is told by both in turns. */
export const TUNINGS = {
  /** A commit waits for clients that come back. */
  waits: replacing(/[\\/]writer[\\/]write-queue\.ts$/, "await this.#returning.gather();", "{}"),
  /** Reads of a company share trips. */
  sharing: replacing(/[\\/]directory[\\/]shared-read-batches\.ts$/, "!MAY_SHARE", "true"),
  /** Who is to be created is taken to be new, and the commit proves it. */
  presuming: replacing(
    /[\\/]unit[\\/]presume-names-are-free\.ts$/,
    "MOST_CHARACTERS = 500_000",
    "MOST_CHARACTERS = -1",
  ),
};
export type Tuning = keyof typeof TUNINGS;
