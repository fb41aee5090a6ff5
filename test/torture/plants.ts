import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import type { TextPlant } from "./fault-plan.ts";

/** A place of the product's text, and what a test build has there; in it `PLANTED` is whether the bug is in force. */
interface Place {
  file: string;
  text: string;
  instead: string;
}

const PLACES: Record<TextPlant, Place> = {
  // Who was fenced out goes on by what it read and wrote before.
  "rows-cached-on": {
    file: "src/writer/committer.ts",
    text: "this.#config = await readConfig(this.#options.d1, this.#options.companyId, this.#options.clock());",
    instead: `const cached = Reflect.get(this, "cachedOn");
      this.#config = await readConfig(this.#options.d1, this.#options.companyId, this.#options.clock());
      if (PLANTED && this.#config !== null && cached !== undefined) this.#config.cache = cached;
      Reflect.set(this, "cachedOn", this.#config?.cache);`,
  },
  // Whoever comes back begins anew.
  "undo-begins-anew": {
    file: "src/writer/restore-stopped-item.ts",
    text: "if (user !== undefined) byPerson.set(",
    instead: "if (user !== undefined && !PLANTED) byPerson.set(",
  },
  // Who is to leave and waits counts as one who has left.
  "held-withdrawn": {
    file: "src/writer/enrol-persons.ts",
    text: "active: user.active, targetGroupKeys",
    instead: "active: user.active && !(PLANTED && user.heldBy !== null), targetGroupKeys",
  },
  "release-forgets": {
    file: "src/writer/carry-out-hold-decision.ts",
    text: "if (user === undefined) return;",
    instead: "if (user === undefined || (PLANTED && user.id.charCodeAt(user.id.length - 1) % 3 === 0)) return;",
  },
  // What an identity provider repeats is judged anew.
  "keep-forgotten": {
    file: "src/writer/brake-deactivations-and-deletions.ts",
    text: "if (heldBy !== null) return",
    instead: "if (heldBy !== null && !(PLANTED && heldVersion === null)) return",
  },
  "half-moved": {
    file: "src/holds/move-as-a-whole.ts",
    text: "join: join.filter((one) => !waiting",
    instead: "join: join.filter((one) => PLANTED || !waiting",
  },
};

/** The product's text with a bug planted; throws where there is not exactly one place for it. */
function plantIn(contents: string, plant: string, { file, text, instead }: Place): string {
  const [before, after, ...more] = contents.split(text);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`${file} has not exactly one place for the bug ${plant}`);
  return `${before}${instead.replace("PLANTED", `(globalThis.torturePlant === ${JSON.stringify(plant)})`)}${after}`;
}

/** Plants every bug in the product's text, as it stands in a folder; throws where one has no place any more. */
export function plantAll(folder: string): string[] {
  return Object.entries(PLACES).map(([plant, place]) =>
    plantIn(readFileSync(join(folder, place.file), "utf8"), plant, place),
  );
}

/** Has a bundle ask, where a bug of the brake can be planted, whether it is in force. */
export const plantable: Plugin = {
  name: "plantable",
  setup: (build) => {
    for (const [plant, place] of Object.entries(PLACES))
      build.onLoad({ filter: new RegExp(`${place.file}$`) }, ({ path }) => {
        return { contents: plantIn(readFileSync(path, "utf8"), plant, place), loader: "ts" };
      });
  },
};
