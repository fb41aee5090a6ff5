/**
 * The design tokens, the one place for colours (light and dark), type, space, corners and heights, and how plain elements
 * look with them. Every text colour has 4.5:1 or more on every ground it stands on, every edge of a control 3:1.
 */
export const TOKENS_CSS = `
:root {
  color-scheme: light dark;
  /* Paper and ink. */
  --ground: light-dark(#f5f6f3, #0f1413);
  --surface: light-dark(#ffffff, #171d1b);
  --sunken: light-dark(#eff1ed, #1f2624);
  --line: light-dark(#e1e5df, #2b3431);
  --line-strong: light-dark(#7b8783, #7a8784);
  --ink: light-dark(#141b19, #e9efec);
  --ink-soft: light-dark(#505c58, #a5b3ae);
  /* The one colour that can be pressed. */
  --accent: light-dark(#0b6b5c, #63d3be);
  --accent-strong: light-dark(#08564a, #8ee4d3);
  --on-accent: light-dark(#ffffff, #06231e);
  --accent-wash: light-dark(#e3f3ef, #17322d);
  /* How things are. */
  --good: light-dark(#1b6b34, #7fd79a);
  --good-wash: light-dark(#e4f4e8, #16301e);
  --warn: light-dark(#7f5200, #f0c069);
  --warn-wash: light-dark(#fdf1d8, #38290d);
  --bad: light-dark(#a32323, #ff9d94);
  --bad-wash: light-dark(#fdeaea, #3d1a19);
  --dot-good: light-dark(#2e9e57, #6fd190);
  --dot-warn: light-dark(#c98a12, #f0c069);
  --dot-bad: light-dark(#cf3a33, #ff8d83);
  --bar: light-dark(#3f9d8c, #4fb8a5);
  --bar-left: light-dark(#b98324, #d9a648);
  --bar-bad: light-dark(#c94b43, #ef7f76);
  /* The cover beside the sheet. */
  --cover: light-dark(#12352f, #0a0f0e);
  --cover-on: light-dark(#1e4a42, #1a2321);
  --cover-line: light-dark(#2b5850, #232d2a);
  --cover-edge: light-dark(#7fa79d, #7a8784);
  --cover-ink: light-dark(#ffffff, #e9efec);
  --cover-soft: light-dark(#bdd3cc, #a5b3ae);
  --cover-accent: #8ee4d3;
  --cover-alert: light-dark(#ffb3aa, #ff9d94);
  --on-cover-alert: #2a0705;
  --shade: rgb(8 20 17 / 55%);
  /* Space, corners, heights. */
  --s1: 0.25rem; --s2: 0.5rem; --s3: 0.75rem; --s4: 1rem; --s5: 1.5rem; --s6: 2rem; --s7: 3rem;
  --radius: 0.5rem;
  --radius-small: 0.3125rem;
  --control: 2.125rem;
  --row-pad: 0.46875rem;
  --measure: 72ch;
  /* Type: 12, 13, 14, 16 and 22 pixels. */
  --tiny: 0.75rem;
  --small: 0.8125rem;
  --dense: 0.8125rem;
  --text: 0.875rem;
  --large: 1rem;
  --title: 1.375rem;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", "Liberation Mono", Menlo, monospace;
  --lift: 0 1px 2px light-dark(rgb(20 40 35 / 5%), rgb(0 0 0 / 40%));
  --lift-menu: 0 6px 20px light-dark(rgb(20 40 35 / 16%), rgb(0 0 0 / 55%));
}
@media (pointer: coarse) { :root { --control: 2.625rem; } }
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
@media (min-width: 60.01rem) { html { scrollbar-gutter: stable; } }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: var(--text)/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
h1, h2, h3 { line-height: 1.3; margin: 0; letter-spacing: -0.012em; text-wrap: balance; }
h1 { font-size: var(--title); font-weight: 650; letter-spacing: -0.02em; }
h2 { font-size: var(--large); font-weight: 640; }
h3 { font-size: var(--text); font-weight: 640; }
p { margin: 0; text-wrap: pretty; max-width: var(--measure); }
ul, ol, dl, dd, fieldset, figure { margin: 0; padding: 0; }
fieldset { border: 0; min-width: 0; }
a { color: var(--accent); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
a:hover { color: var(--accent-strong); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: var(--radius-small); }
code, pre, kbd, .mono { font-family: var(--mono); font-size: 0.9em; }
code { overflow-wrap: anywhere; }
kbd { border: 1px solid var(--line); border-bottom-width: 2px; border-radius: var(--radius-small); padding: 0 0.375rem; background: var(--surface); }
svg { display: block; }
.mark-line { stroke: var(--on-accent); }
`;
