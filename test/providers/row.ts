import { it } from "vitest";
import { titleOf } from "./rows.ts";

/** The test of one row of the table, written in code because its requests are many, timed or made up as it goes. */
export function row(number: number, run: () => Promise<void>): void {
  it(titleOf(number), run);
}
