import { expect, it } from "vitest";
import { CONTROLS_CSS } from "../../../src/console/assets/controls-css.ts";
import { TOKENS_CSS } from "../../../src/console/assets/design-tokens-css.ts";
import { LAYOUT_CSS } from "../../../src/console/assets/layout-css.ts";
import { LOG_CSS } from "../../../src/console/assets/log-css.ts";
import { TABLES_CSS } from "../../../src/console/assets/tables-css.ts";
import { TIMELINE_CSS } from "../../../src/console/assets/timeline-css.ts";

const SHEETS = [LAYOUT_CSS, TABLES_CSS, CONTROLS_CSS, LOG_CSS, TIMELINE_CSS];

it("has every colour and size in one place: the other sheets name tokens only", () => {
  for (const css of SHEETS) {
    const colours = css.match(/#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/gi) ?? [];
    expect(colours).toEqual([]);
    expect(css.match(/font-size: (?!var\(|inherit|1\.25rem|11px|20px)/g) ?? []).toEqual([]);
  }
});

it("uses no token that there is not", () => {
  const defined = new Set([...TOKENS_CSS.matchAll(/(--[\w-]+):/g)].map(([, name]) => name));
  const used = [TOKENS_CSS, ...SHEETS].join("").matchAll(/var\((--[\w-]+)/g);
  expect([...used].map(([, name]) => name).filter((name) => !defined.has(name))).toEqual([]);
});
