/** The frame of every page: the cover with the navigation, heads, cards, columns and panels, notices. */
export const LAYOUT_CSS = `
.skip { position: absolute; left: -100vw; }
.skip:focus { left: var(--s3); top: var(--s3); background: var(--surface); padding: var(--s2) var(--s3); z-index: 4; }
.frame { display: grid; grid-template-columns: 14.5rem minmax(0, 1fr); min-height: 100vh; }
.side { background: var(--cover); color: var(--cover-soft); border-right: 1px solid var(--cover-line); }
.side a { color: inherit; }
.side a:hover { color: var(--cover-ink); }
.side :focus-visible { outline-color: var(--cover-accent); }
.side-in { position: sticky; top: 0; height: 100vh; display: flex; flex-direction: column; }
.bar { display: flex; align-items: center; gap: var(--s2); padding: var(--s4) var(--s4) var(--s3); }
.bar .menu, .bar .find-link, .menu.close { display: none; }
.brand { display: inline-flex; align-items: center; gap: var(--s2); color: var(--ink); text-decoration: none; border-radius: var(--radius-small); }
.side .brand { color: var(--cover-ink); }
.brand .tick { stroke: var(--accent); }
.side .brand .tick { stroke: var(--cover-accent); }
.drawer { display: flex; flex-direction: column; gap: var(--s4); flex: 1; position: static; inset: auto; width: auto; height: auto; margin: 0;
  min-height: 0; border: 0; padding: 0 var(--s3) var(--s3); background: none; color: inherit; overflow-y: auto; overscroll-behavior: contain; }
.whose { padding: 0 var(--s2); font-size: var(--small); line-height: 1.4; overflow-wrap: anywhere; }
.whose strong { display: block; color: var(--cover-ink); font-size: var(--text); font-weight: 600; }
.nav { display: flex; flex-direction: column; gap: 1px; list-style: none; }
.nav-title { display: block; padding: var(--s3) var(--s2) var(--s1); font-size: var(--tiny); letter-spacing: 0.02em; }
.nav a { display: flex; gap: var(--s2); align-items: center; padding: 0.34375rem var(--s2); border-radius: var(--radius-small);
  text-decoration: none; font-size: var(--dense); font-weight: 500; line-height: 1.3; }
.nav a:hover { background: var(--cover-on); }
.nav a[aria-current] { background: var(--cover-on); color: var(--cover-ink); font-weight: 600; box-shadow: inset 2px 0 var(--cover-accent); }
.nav a[aria-current] svg { color: var(--cover-accent); }
.nav .count { margin-left: auto; min-width: 1.25rem; padding: 0 0.375rem; border-radius: 1rem; text-align: center; background: var(--cover-alert);
  color: var(--on-cover-alert); font-size: var(--tiny); font-weight: 700; line-height: 1.25rem; font-variant-numeric: tabular-nums; position: relative; }
.foot { margin-top: auto; padding: var(--s3) 0 0; justify-content: space-between; border-top: 1px solid var(--cover-line); display: flex; flex-wrap: wrap; align-items: center;
  gap: var(--s2); font-size: var(--small); }
.side button, .side .find input { background: none; border-color: var(--cover-edge); color: var(--cover-ink); }
.side button:hover { background: var(--cover-on); color: var(--cover-ink); }
.side .link, .side .link:hover { border: 0; padding: 0; background: none; color: inherit; font-weight: 400; text-decoration: underline; min-height: 1.5rem; }
.find form { display: flex; position: relative; }
.side .find input { min-height: 2rem; font-size: var(--dense); padding-right: 2.25rem; }
.find input::placeholder { color: var(--cover-soft); opacity: 1; }
.side .find button { position: absolute; right: 0; inset-block: 0; border: 0; padding-inline: 0.5rem; min-height: 0; color: var(--cover-soft); }
main { padding: var(--s5) var(--s6) var(--s7); min-width: 0; max-width: 118rem; width: 100%; overflow-wrap: anywhere; }
main.narrow { max-width: 56rem; }
.crumbs { font-size: var(--small); color: var(--ink-soft); margin-bottom: var(--s1); }
.crumbs ol { list-style: none; display: flex; flex-wrap: wrap; gap: var(--s1); }
.crumbs li + li::before { content: "/"; margin-right: var(--s1); color: var(--line-strong); }
.crumbs a { color: inherit; }
.head { display: flex; flex-wrap: wrap; gap: var(--s3) var(--s4); align-items: flex-start; justify-content: space-between;
  margin-bottom: var(--s4); }
.head > div:first-child { flex: 1 1 20rem; min-width: 0; overflow-wrap: anywhere; }
.lead { color: var(--ink-soft); margin-top: 2px; max-width: 96ch; }
.row { display: flex; flex-wrap: wrap; gap: var(--s2); align-items: center; }
.row.between { justify-content: space-between; }
.stack { display: flex; flex-direction: column; gap: var(--s4); }
.stack.tight { gap: var(--s2); }
.stack.loose { gap: var(--s5); }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--lift);
  padding: var(--s4) var(--s5); min-width: 0; }
.card:not(.stack) > h2 { margin-bottom: var(--s2); }
.card:not(.stack) > .row.between { margin-bottom: var(--s3); }
.card.flush { padding: 0; overflow: clip; }
.card.flush > .row.between { padding: var(--s3) var(--s5) 0; margin-bottom: var(--s2); }
.columns { display: grid; grid-template-columns: minmax(0, 1.6fr) minmax(0, 1fr); gap: var(--s4); align-items: start; }
.columns.late .field { max-width: 36rem; }
@media (max-width: 100rem) { .columns.late { grid-template-columns: minmax(0, 1fr); } }
.with-panel { display: grid; grid-template-columns: minmax(0, 1fr) minmax(18rem, 25rem); gap: var(--s4) var(--s5); align-items: start;
  grid-template-rows: auto auto 1fr; }
.with-panel.reading { grid-template-columns: minmax(0, 54rem) minmax(21rem, 1fr); }
.panel { position: sticky; top: var(--s4); max-height: calc(100vh - 2 * var(--s4)); overflow-y: auto; }
.with-panel > * { grid-column: 1; }
.with-panel > .panel { grid-column: 2; grid-row: 1 / span 3; max-width: 32rem; }
.row > *, .columns > *, .with-panel > * { min-width: 0; }
.row > .button, .row > button, .row > form { flex: none; }
.stats { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1px; background: var(--line);
  border: 1px solid var(--line); border-radius: var(--radius); overflow: hidden; box-shadow: var(--lift); }
.stats > div { background: var(--surface); padding: var(--s3) var(--s4); }
.stats dt { font-size: var(--small); color: var(--ink-soft); }
.stats dd { font-size: 1.25rem; font-weight: 620; line-height: 1.4; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
.stats dd small { display: block; font-size: var(--small); font-weight: 400; color: var(--ink-soft); letter-spacing: 0; }
.soft { color: var(--ink-soft); }
.small { font-size: var(--small); }
.scroll { overflow-x: auto; }
.nowrap { white-space: nowrap; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
h1, th, td, dd, strong, .sub, .crumbs a { unicode-bidi: plaintext; }
h1, dd, .sub { text-align: left; }
.facts { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: 0.375rem var(--s4);
  font-size: var(--dense); }
.facts dt { color: var(--ink-soft); }
.facts dd { overflow-wrap: anywhere; }
.facts dd time.nowrap { white-space: normal; }
.notice { border-radius: var(--radius); padding: 0.5625rem var(--s4); margin-bottom: var(--s4); background: var(--accent-wash);
  border: 1px solid color-mix(in srgb, var(--accent) 30%, transparent); display: flex; gap: var(--s3); }
.stack > .notice, .with-panel > .notice { margin-bottom: 0; }
.notice.bad { background: var(--bad-wash); border-color: color-mix(in srgb, var(--bad) 35%, transparent); }
.notice.warn { background: var(--warn-wash); border-color: color-mix(in srgb, var(--warn) 35%, transparent); }
.notice:focus { outline: none; }
.notice svg { flex: none; margin-top: 0.125em; }
.notice p { max-width: 130ch; }
.notice a { white-space: nowrap; }
.notice ul { padding-left: var(--s4); }
.verdict { display: flex; gap: var(--s4); align-items: center; border-radius: var(--radius); padding: var(--s3) var(--s5);
  background: var(--good-wash); border: 1px solid color-mix(in srgb, var(--good) 30%, transparent); }
.verdict svg { flex: none; color: var(--good); }
.verdict.warn { background: var(--warn-wash); border-color: color-mix(in srgb, var(--warn) 35%, transparent); }
.verdict.warn svg { color: var(--warn); }
.verdict.bad { background: var(--bad-wash); border-color: color-mix(in srgb, var(--bad) 35%, transparent); }
.verdict.bad svg { color: var(--bad); }
.empty { padding: var(--s7) var(--s5); text-align: center; display: flex; flex-direction: column; align-items: center;
  gap: var(--s3); }
.empty > svg { color: var(--accent); }
.empty p { max-width: 32rem; color: var(--ink-soft); }
.alone { min-height: 100vh; display: grid; place-items: center; padding: var(--s4); }
.alone > main { width: 100%; max-width: 25rem; padding: 0; }
@media (max-width: 60rem) {
  .frame { display: block; }
  .side { border-right: 0; }
  .side-in { position: static; height: auto; }
  .bar { padding: var(--s2) var(--s4); justify-content: space-between; }
  .bar .menu, .bar .find-link, .menu.close { display: inline-flex; }
  .side .bar .menu { margin-left: auto; order: 2; }
  .side .bar .find-link { order: 1; margin-left: auto; padding: 0.5rem; border-radius: var(--radius-small); }
  .side .bar .find-link + .menu { margin-left: 0; }
  .drawer:not(:popover-open) { display: none; }
  .drawer { position: fixed; inset: 0 0 0 auto; width: min(20rem, 88vw); height: auto; max-height: none; padding: var(--s3) var(--s4) var(--s5); background: var(--cover);
    border-left: 1px solid var(--cover-line); color: var(--cover-soft); }
  .drawer::backdrop { background: var(--shade); }
  .menu.close { align-self: flex-end; }
  .nav a { padding-block: 0.5625rem; font-size: var(--text); }
  main { padding: var(--s4) var(--s4) var(--s7); }
}
@supports not selector(:popover-open) { .menu { display: none !important; } @media (max-width: 60rem) { .drawer { position: static; width: auto; } } }
@media (min-width: 100rem) { .columns { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (max-width: 72rem) {
  .columns, .with-panel, .with-panel.reading { grid-template-columns: minmax(0, 1fr); }
  .with-panel > .panel { grid-column: 1; grid-row: auto; max-width: none; }
  .panel { position: static; max-height: none; overflow: visible; }
}
@media (max-width: 45rem) {
  .card { padding: var(--s4); }
  .card.flush > .row.between { padding: var(--s4) var(--s4) 0; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd { margin-bottom: var(--s2); }
  .empty { padding: var(--s6) var(--s4); }
}
`;
