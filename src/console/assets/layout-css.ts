/** The frame of every page: navigation, heads, cards, tables, notices. */
export const LAYOUT_CSS = `
.skip { position: absolute; left: -100vw; }
.skip:focus { left: var(--s3); top: var(--s3); background: var(--surface); padding: var(--s2) var(--s3); z-index: 2; }
.frame { display: grid; grid-template-columns: 15rem minmax(0, 1fr); min-height: 100vh; }
.side { border-right: 1px solid var(--line); background: var(--surface); padding: var(--s5) var(--s3); }
.side-in { position: sticky; top: var(--s5); display: flex; flex-direction: column; gap: var(--s4); }
.brand { display: flex; align-items: center; gap: var(--s2); color: var(--ink); font-weight: 700; font-size: 1.0625rem;
  text-decoration: none; letter-spacing: -0.02em; padding: 0 var(--s2); }
.brand svg { color: var(--accent); }
.whose { padding: 0 var(--s2); font-size: var(--small); color: var(--ink-soft); overflow-wrap: anywhere; }
.whose strong { display: block; color: var(--ink); font-size: var(--dense); font-weight: 600; }
.nav { display: flex; flex-direction: column; gap: 2px; list-style: none; }
.nav a { display: flex; gap: var(--s2); align-items: center; padding: var(--s2); border-radius: var(--radius-small);
  color: var(--ink-soft); text-decoration: none; font-size: var(--dense); font-weight: 500; white-space: nowrap; }
.nav a:hover { background: var(--sunken); color: var(--ink); }
.nav a[aria-current] { background: var(--accent-wash); color: var(--accent-strong); font-weight: 600; }
.nav .short { display: none; }
.nav .count { margin-left: auto; min-width: 1.375rem; padding: 0 0.4rem; border-radius: 1rem; text-align: center; background: var(--bad);
  color: var(--surface); font-size: var(--small); font-weight: 650; font-variant-numeric: tabular-nums; position: relative; }
.side form { padding: 0 var(--s2); }
.find form { display: flex; gap: var(--s1); }
.find input { font-size: var(--dense); min-height: 2.125rem; }
.find button { padding-inline: 0.5rem; flex: none; }
main { padding: var(--s5) var(--s6) var(--s7); min-width: 0; max-width: 75rem; width: 100%; overflow-wrap: anywhere; }
main.narrow { max-width: 52rem; }
.crumbs { font-size: var(--small); color: var(--ink-soft); margin-bottom: var(--s2); }
.crumbs ol { list-style: none; display: flex; flex-wrap: wrap; gap: var(--s1); }
.crumbs li + li::before { content: "/"; margin-right: var(--s1); color: var(--line-strong); }
.crumbs a { color: inherit; }
.head { display: flex; flex-wrap: wrap; gap: var(--s3) var(--s4); align-items: flex-start; justify-content: space-between;
  margin-bottom: var(--s5); }
.head > div:first-child { min-width: 0; overflow-wrap: anywhere; }
.lead { color: var(--ink-soft); margin-top: var(--s1); max-width: 46rem; }
.row { display: flex; flex-wrap: wrap; gap: var(--s2); align-items: center; }
.row.between { justify-content: space-between; }
.stack { display: flex; flex-direction: column; gap: var(--s4); }
.stack.tight { gap: var(--s2); }
.stack.loose { gap: var(--s5); }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--lift);
  padding: var(--s4) var(--s5); min-width: 0; }
.card:not(.stack) > h2 { margin-bottom: var(--s2); }
.card > .row.between { margin-bottom: var(--s3); }
.card.flush { padding: 0; overflow: hidden; }
.card.flush > .row.between { padding: var(--s4) var(--s5) 0; }
.columns { display: grid; grid-template-columns: minmax(0, 1.6fr) minmax(0, 1fr); gap: var(--s4); align-items: start; }
.stats { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1px; background: var(--line);
  border: 1px solid var(--line); border-radius: var(--radius); overflow: hidden; box-shadow: var(--lift); }
.stats > div { background: var(--surface); padding: var(--s3) var(--s4); }
.stats dt { font-size: var(--small); color: var(--ink-soft); }
.stats dd { font-size: 1.25rem; font-weight: 620; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
.stats dd small { display: block; font-size: var(--small); font-weight: 400; color: var(--ink-soft); letter-spacing: 0; }
.soft { color: var(--ink-soft); }
.small { font-size: var(--small); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: var(--dense); font-variant-numeric: tabular-nums; }
caption, .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { text-align: left; padding: var(--s2) var(--s4); border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: anywhere; }
th:first-child, td:first-child { padding-left: var(--s5); }
th:last-child, td:last-child { padding-right: var(--s5); }
thead th { font-size: var(--small); font-weight: 600; color: var(--ink-soft); background: var(--sunken); white-space: nowrap; }
thead th a { color: inherit; text-decoration: none; display: inline-flex; gap: var(--s1); }
thead th a:hover { color: var(--ink); text-decoration: underline; }
tbody th { font-weight: 500; }
tbody th a { text-decoration: none; }
tbody th a:hover { text-decoration: underline; }
tbody tr:last-child > * { border-bottom: 0; }
tbody tr:hover { background: color-mix(in srgb, var(--sunken) 55%, transparent); }
td.number, th.number { text-align: right; white-space: nowrap; }
h1, th, td, dd, strong, .sub, .crumbs a { unicode-bidi: plaintext; }
h1, dd, .sub { text-align: left; }
tbody th > a { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; }
.facts dd time.nowrap { white-space: normal; }
.tag, .pill, time.nowrap { overflow-wrap: normal; }
.columns td time.nowrap, .narrow td time.nowrap { white-space: normal; }
.row > *, .columns > * { min-width: 0; }
.row > .button, .row > button, .row > form { flex: none; }
td .sub, th .sub { display: block; font-size: var(--small); font-weight: 400; color: var(--ink-soft); }
td button.plain, td .button.plain { padding-block: 0; margin-left: -0.375rem; }
.nowrap { white-space: nowrap; }
.pager { display: flex; justify-content: space-between; align-items: center; gap: var(--s3); padding: var(--s3) var(--s5);
  border-top: 1px solid var(--line); font-size: var(--small); color: var(--ink-soft); min-height: 3.5rem; }
.pill { display: inline-flex; align-items: center; gap: 0.375rem; padding: 0.0625rem 0.5rem; border-radius: 1rem;
  font-size: var(--small); font-weight: 550; background: var(--sunken); color: var(--ink-soft); white-space: nowrap; }
.pill::before { content: ""; width: 0.4375rem; height: 0.4375rem; border-radius: 50%; background: currentColor; }
.pill.good { background: var(--good-wash); color: var(--good); }
.pill.warn { background: var(--warn-wash); color: var(--warn); }
.pill.bad { background: var(--bad-wash); color: var(--bad); }
.tag { display: inline-block; padding: 0 0.4rem; border: 1px solid var(--line); border-radius: var(--radius-small);
  font-size: var(--small); color: var(--ink-soft); background: var(--surface); white-space: nowrap; }
.notice { border-radius: var(--radius); padding: var(--s3) var(--s4); margin-bottom: var(--s4); background: var(--accent-wash);
  border: 1px solid color-mix(in srgb, var(--accent) 35%, transparent); display: flex; gap: var(--s3); }
.notice.bad { background: var(--bad-wash); border-color: color-mix(in srgb, var(--bad) 40%, transparent); }
.notice.warn { background: var(--warn-wash); border-color: color-mix(in srgb, var(--warn) 40%, transparent); }
.notice svg { flex: none; margin-top: 0.2em; }
.notice ul { padding-left: var(--s4); }
.verdict { display: flex; gap: var(--s4); align-items: center; border-radius: var(--radius); padding: var(--s4) var(--s5);
  background: var(--good-wash); border: 1px solid color-mix(in srgb, var(--good) 35%, transparent); }
.verdict svg { flex: none; color: var(--good); }
.verdict.warn { background: var(--warn-wash); border-color: color-mix(in srgb, var(--warn) 40%, transparent); }
.verdict.warn svg { color: var(--warn); }
.verdict.bad { background: var(--bad-wash); border-color: color-mix(in srgb, var(--bad) 40%, transparent); }
.verdict.bad svg { color: var(--bad); }
.empty { padding: var(--s7) var(--s5); text-align: center; display: flex; flex-direction: column; align-items: center;
  gap: var(--s3); }
.empty > svg { color: var(--accent); }
.empty p { max-width: 32rem; color: var(--ink-soft); }
.alone { min-height: 100vh; display: grid; place-items: center; padding: var(--s4); }
.alone > main { width: 100%; max-width: 25rem; padding: 0; }
.facts { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: var(--s2) var(--s4);
  font-size: var(--dense); }
.facts dt { color: var(--ink-soft); }
.facts dd { overflow-wrap: anywhere; }
@media (max-width: 60rem) {
  .frame { display: block; }
  .side { border-right: 0; border-bottom: 1px solid var(--line); padding: var(--s3) 0 0; }
  .side-in { position: static; gap: var(--s2); display: grid; grid-template-columns: 1fr auto; padding: 0 var(--s4); align-items: center; }
  .side nav { grid-column: 1 / -1; overflow-x: auto; margin: 0 calc(-1 * var(--s4)); padding: 0 var(--s3); }
  .nav { flex-direction: row; }
  .nav a { border-radius: 0; padding: var(--s2) var(--s2) calc(var(--s2) + 2px); }
  .nav a svg { display: none; }
  .nav a[aria-current] { background: none; box-shadow: inset 0 -2px var(--accent); }
  .whose { grid-column: 1; grid-row: 2; }
  .side form { grid-row: 1 / 3; grid-column: 2; padding: 0; }
  .find { grid-column: 1 / -1; }
  main { padding: var(--s4) var(--s4) var(--s7); }
}
@media (max-width: 72rem) { .columns { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 45rem) {
  .nav .long { display: none; }
  .nav .short { display: inline; }
  .wide, th .wide, td .wide { display: none; }
  td time.nowrap, th time.nowrap, td .pill { white-space: normal; }
  td .pill { overflow-wrap: normal; }
  .card { padding: var(--s4); }
  .card.flush > .row.between { padding: var(--s4) var(--s4) 0; }
  .pager { padding: var(--s3) var(--s4); }
  th, td { padding: var(--s2); }
  th:first-child, td:first-child, .wide:first-child + th { padding-left: var(--s4); }
  th:last-child, td:last-child { padding-right: var(--s4); }
  .health tbody th { min-width: 6.5rem; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd { margin-bottom: var(--s2); }
  .empty { padding: var(--s6) var(--s4); }
}
td .bullets { margin: 0; padding: 0; list-style: none; }
@media (min-width: 45.01rem) { th .slim, td .slim { display: none; } tbody th { min-width: min(17rem, 40vw); } .columns tbody th { min-width: 8rem; } }
`;
