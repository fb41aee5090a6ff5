import { expect, it } from "vitest";
import { CONTROLS_CSS } from "../../../src/console/assets/controls-css.ts";
import { TOKENS_CSS } from "../../../src/console/assets/design-tokens-css.ts";
import { LAYOUT_CSS } from "../../../src/console/assets/layout-css.ts";
import { squeezeStyle } from "../../../src/console/assets/squeeze-style.ts";
import { TABLES_CSS } from "../../../src/console/assets/tables-css.ts";

it("takes comments and meaningless white space out, and keeps the space between a selector and what is inside of it", () => {
  expect(squeezeStyle("/* Why. */\n.side :focus-visible, .a > b { color: red;\n  margin: 0 auto; }\n")).toBe(
    ".side :focus-visible,.a > b{color:red;margin:0 auto;}",
  );
});

it.each([TOKENS_CSS, LAYOUT_CSS, TABLES_CSS, CONTROLS_CSS])("loses nothing else of a sheet", (css) => {
  const bare = (text: string) => text.replace(/\/\*.*?\*\//gs, "").replace(/\s/g, "");
  expect(bare(squeezeStyle(css))).toBe(bare(css));
  expect(squeezeStyle(css).length).toBeLessThan(css.length);
});
