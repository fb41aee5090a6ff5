import { describe, expect, it } from "vitest";
import { inTurn } from "../generated-cases.ts";
import { type Exchange, replay } from "./exchange.ts";
import { titleOf } from "./rows.ts";

const files = import.meta.glob<Exchange>("./*/*.json", { eager: true, import: "default" });
const folders = Map.groupBy(Object.entries(files), ([path]) => path.split("/")[1] ?? "");

for (const [folder, exchanges] of folders) {
  describe(`exchanges of ${folder}`, () => {
    for (const [path, exchange] of inTurn(exchanges, 0, 5)) {
      it(exchange.title, async () => {
        const row = Number(/\/(\d+)-/.exec(path)?.[1]);
        expect(exchange.title, "begins with the row's number and sentence").toContain(titleOf(row));
        expect(exchange.title.includes("(inferred)"), "says in its title what is inferred").toBe(
          exchange.inferred ?? false,
        );
        await replay(exchange);
      });
    }
  });
}
