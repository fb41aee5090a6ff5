/** The design tokens: colours for light and dark, type, space. Every text colour has 4.5:1 or more on every ground. */
export const TOKENS_CSS = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f6, #121615);
  --surface: light-dark(#ffffff, #1a1f1e);
  --sunken: light-dark(#eef1f0, #222927);
  --line: light-dark(#dfe4e2, #303937);
  --line-strong: light-dark(#7f8c88, #7a8784);
  --ink: light-dark(#17211f, #e8eeec);
  --ink-soft: light-dark(#4c5a56, #aab8b4);
  --accent: light-dark(#0b6b5c, #63d3be);
  --accent-strong: light-dark(#08564a, #8ee4d3);
  --on-accent: light-dark(#ffffff, #06231e);
  --accent-wash: light-dark(#e3f3ef, #17322d);
  --good: light-dark(#1b6b34, #7fd79a);
  --good-wash: light-dark(#e4f4e8, #16301e);
  --warn: light-dark(#7f5200, #f0c069);
  --warn-wash: light-dark(#fdf1d8, #38290d);
  --bad: light-dark(#a32323, #ff9d94);
  --bad-wash: light-dark(#fdeaea, #3d1a19);
  --bar: light-dark(#3f9d8c, #4fb8a5);
  --bar-left: light-dark(#b98324, #d9a648);
  --bar-bad: light-dark(#c94b43, #ef7f76);
  --s1: 0.25rem; --s2: 0.5rem; --s3: 0.75rem; --s4: 1rem; --s5: 1.5rem; --s6: 2rem; --s7: 3rem;
  --radius: 0.625rem;
  --radius-small: 0.375rem;
  --small: 0.8125rem;
  --dense: 0.875rem;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", "Liberation Mono", Menlo, monospace;
  --lift: 0 1px 2px light-dark(rgb(20 40 35 / 6%), rgb(0 0 0 / 40%));
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
@media (min-width: 60.01rem) { html { scrollbar-gutter: stable; } }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
h1, h2, h3 { line-height: 1.25; margin: 0; letter-spacing: -0.01em; text-wrap: balance; }
h1 { font-size: 1.5rem; font-weight: 650; }
h2 { font-size: 1.0625rem; font-weight: 650; }
h3 { font-size: 0.9375rem; font-weight: 650; }
p { margin: 0; text-wrap: pretty; }
ul, ol, dl, dd, fieldset, figure { margin: 0; padding: 0; }
fieldset { border: 0; min-width: 0; }
a { color: var(--accent); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
a:hover { color: var(--accent-strong); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: var(--radius-small); }
code, pre, .mono { font-family: var(--mono); font-size: 0.86em; }
code { overflow-wrap: anywhere; }
svg { display: block; }
.mark-line { stroke: var(--on-accent); }
`;
