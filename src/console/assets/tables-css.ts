/** Rows and what stands in them: tables, states, chips, tags, and the way to a list's other pages. */
export const TABLES_CSS = `
table { width: 100%; border-collapse: separate; border-spacing: 0; font-size: var(--dense); line-height: 1.25rem; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { text-align: left; padding: var(--row-pad) var(--s3); border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: anywhere; }
th:first-child, td:first-child { padding-left: var(--s5); }
th:last-child, td:last-child { padding-right: var(--s5); }
thead th { position: sticky; top: 0; z-index: 1; font-size: var(--tiny); font-weight: 600; color: var(--ink-soft); background: var(--sunken); white-space: nowrap;
  padding-block: 0.3125rem; }
thead th a { color: inherit; text-decoration: none; display: inline-flex; gap: var(--s1); }
thead th a:hover { color: var(--ink); text-decoration: underline; }
thead th[aria-sort] { color: var(--ink); }
tbody th { font-weight: 500; }
tbody th a { text-decoration: none; color: var(--ink); }
tbody th a:hover { text-decoration: underline; color: var(--accent-strong); }
tbody th > a { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; }
tbody tr:last-child > * { border-bottom: 0; }
tbody tr:hover > * { background: color-mix(in srgb, var(--sunken) 60%, transparent); }
tbody tr:has(> th a:focus-visible) > * { background: var(--accent-wash); }
td.number, th.number { text-align: right; white-space: nowrap; }
th.number a { flex-direction: row-reverse; }
td .sub, th .sub, li .sub { display: block; font-size: var(--tiny); line-height: 1.125rem; font-weight: 400; color: var(--ink-soft); }
td button.plain, td .button.plain { padding-block: 0; min-height: 1.5rem; margin: -0.125rem 0 -0.125rem -0.375rem; }
td.number .button.plain { margin: -0.125rem -0.375rem -0.125rem 0; }
td .bullets { margin: 0; padding: 0; list-style: none; }
.columns td time.nowrap, .narrow td time.nowrap { white-space: normal; }
.tag, .pill, time.nowrap { overflow-wrap: normal; }
.pager { max-width: none; display: flex; justify-content: space-between; align-items: center; gap: var(--s3); padding: var(--s2) var(--s5);
  border-top: 1px solid var(--line); font-size: var(--small); color: var(--ink-soft); min-height: 3rem; font-variant-numeric: tabular-nums; }
.pager.ticked { position: sticky; bottom: 0; z-index: 1; background: var(--surface); }
.pill { display: inline-flex; align-items: baseline; gap: 0.4375rem; font-size: var(--dense); font-weight: 500; color: var(--ink); white-space: nowrap; }
.pill::before { content: ""; flex: none; width: 0.5rem; height: 0.5rem; border-radius: 50%; box-shadow: inset 0 0 0 1.5px var(--ink-soft); }
.pill.good::before { background: var(--dot-good); box-shadow: none; }
.pill.warn::before { background: var(--dot-warn); box-shadow: none; }
.pill.bad::before { background: var(--dot-bad); box-shadow: none; border-radius: 1px; }
.pill.bad { color: var(--bad); }
@media (max-width: 22rem) { th, td { padding-inline: 0.375rem !important; } }
@media (forced-colors: active) { .pill::before { forced-color-adjust: none; } }
.tag { display: inline-block; padding: 0 0.375rem; border: 1px solid var(--line); border-radius: var(--radius-small);
  font-size: var(--tiny); line-height: 1.125rem; color: var(--ink-soft); background: var(--surface); white-space: nowrap; }
td .tag { white-space: normal; }
.chips { display: flex; flex-wrap: wrap; gap: 0.375rem; align-items: center; list-style: none; }
.chip { display: inline-flex; align-items: center; gap: 0.375rem; min-height: 1.75rem; padding: 0 0.625rem; border: 1px solid var(--line-strong);
  border-radius: 1rem; font-size: var(--dense); line-height: 1.25rem; color: var(--ink); background: var(--surface); text-decoration: none; white-space: nowrap; }
.chip:hover { background: var(--sunken); color: var(--ink); }
.chip[aria-current], .chip.on { border-color: var(--accent); background: var(--accent-wash); color: var(--accent-strong); font-weight: 550; }
@media (pointer: coarse) { .chip { min-height: 2.25rem; } }
@media (min-width: 45.01rem) {
  th .slim, td .slim { display: none; }
  tbody th { min-width: min(15rem, 22vw); }
  tbody td:not(.number, :has(input)) { min-width: 6.5rem; }
  tbody td.kind { min-width: 11rem; }
  .columns tbody th { min-width: 8rem; }
  .columns tbody td { min-width: 0; }
  .columns tbody td.cause { min-width: 8.5rem; }
}
@media (max-width: 80rem) { th.roomy, td.roomy { display: none; } }
@media (min-width: 80.01rem) { th .tight { display: none; } }
@media (min-width: 90rem) { tbody td.cause:not(.number, :has(input)) { min-width: 8.5rem; } }
@media (max-width: 99.99rem) { th.ample, td.ample { display: none; } }
@media (min-width: 100rem) {
  th .close { display: none; }
  .spread tbody .sub:not(.slim) { display: inline; margin-left: var(--s2); }
  .spread tbody th > a { display: inline; }
}
@media (max-width: 45rem) {
  .wide, th .wide, td .wide { display: none; }
  td time.nowrap, th time.nowrap, td .pill { white-space: normal; }
  td .pill { overflow-wrap: normal; }
  .pager { padding: var(--s3) var(--s4); flex-wrap: wrap; }
  th, td { padding: var(--s2); }
  th:first-child, td:first-child, .wide:first-child + th { padding-left: var(--s4); }
  th:last-child, td:last-child { padding-right: var(--s4); }
  .health tbody th { min-width: 6.5rem; }
}
`;
