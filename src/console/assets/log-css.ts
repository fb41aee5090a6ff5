/** The provisioning log's own: chips with menus, times that are exact when looked at, the head of a list that is kept current. */
export const LOG_CSS = `
.choosers { display: flex; flex-wrap: wrap; gap: var(--s2); margin-bottom: var(--s4); position: relative; font-size: var(--small); }
.chooser { display: inline-flex; align-items: stretch; border: 1px dashed var(--line-strong); border-radius: 1rem; background: var(--surface);
  color: var(--ink-soft); min-width: 0; max-width: 100%; position: relative; }
.chooser.on { border-style: solid; border-color: var(--accent); background: var(--accent-wash); color: var(--ink); }
.chooser summary, .chooser .said { padding: 0.1875rem 0.75rem; font-size: inherit; font-weight: 500; cursor: pointer; list-style: none; border-radius: 1rem; }
.chooser .said { cursor: default; }
@media (pointer: coarse) { .chooser summary, .chooser .said { display: flex; align-items: center; min-height: 2.25rem; } }
.chooser summary::-webkit-details-marker { display: none; }
.chooser summary::after { content: "▾"; margin-left: 0.375rem; }
.chooser summary:hover { color: var(--ink); }
.chooser strong { font-weight: 620; }
.chooser details[open] > summary { margin-bottom: 0; }
.chooser ul { position: absolute; z-index: 3; top: calc(100% + var(--s1)); left: 0; min-width: 11rem; max-width: min(24rem, 80vw); max-height: 60vh;
  overflow-y: auto; list-style: none; padding: var(--s1); background: var(--surface); border: 1px solid var(--line-strong);
  border-radius: var(--radius-small); box-shadow: var(--lift-menu); }
.chooser li a { display: block; padding: 0.3125rem 0.625rem; border-radius: var(--radius-small); color: var(--ink); text-decoration: none;
  overflow-wrap: anywhere; }
.chooser li a:hover { background: var(--sunken); }
.chooser li a[aria-current] { background: var(--accent-wash); color: var(--accent-strong); font-weight: 600; }
.chooser .off { display: inline-flex; align-items: center; padding: 0 0.625rem; border-left: 1px solid color-mix(in srgb, var(--accent) 35%, transparent);
  color: var(--accent-strong); text-decoration: none; font-size: var(--large); line-height: 1; border-radius: 0 1rem 1rem 0; }
.chooser .off:hover { background: color-mix(in srgb, var(--accent) 16%, transparent); }
.who { margin-bottom: var(--s4); }
.card.flush > .row.between.tail { padding: var(--s2) var(--s3) var(--s2) var(--s5); margin: 0; min-height: 3.25rem; flex-wrap: nowrap;
  border-bottom: 1px solid var(--line); }
.tail [aria-pressed="true"] { border-color: var(--accent); background: var(--accent-wash); color: var(--accent-strong); }
.tail [aria-pressed]::before { content: ""; width: 0.5rem; height: 0.5rem; border-radius: 50%; background: var(--line-strong); }
.tail [aria-pressed="true"]::before { background: var(--good); }
.needs-script { display: none; }
.js .needs-script { display: inline-flex; }
.when { position: relative; }
.tail > .row:last-child { flex: none; flex-wrap: nowrap; }
.tail > .row:first-child { min-height: 2.25rem; line-height: 1.3; }
.tail:has([data-tail-show]:not([hidden])) [data-tail-said] { display: none; }
.exact { position: absolute; z-index: 1; left: -0.375rem; top: 50%; transform: translateY(-50%); padding: 0.125rem 0.375rem; width: max-content;
  max-width: 70vw; border-radius: var(--radius-small); background: var(--ink); color: var(--surface); font-size: var(--small); font-weight: 450;
  clip-path: inset(50%); opacity: 0; white-space: pre-line; line-height: 1.4; }
.exact.shown { position: static; transform: none; padding: 0; background: none; color: inherit; font: inherit; clip-path: none; opacity: 1;
  white-space: pre-wrap; }
@media (min-width: 45.01rem) { th.moment, td.moment { min-width: 9rem; } }
@media (min-width: 75rem) { th.moment, td.moment { min-width: 13.5rem; } }
@media (min-width: 88rem) {
  .requests tbody .sub:not(.slim) { display: inline; margin-left: var(--s2); }
  .requests tbody th > a { display: inline; }
  .requests tbody .sub.mono { white-space: nowrap; }
}
.when:hover .exact, tr:has(a:focus-visible) .exact { clip-path: none; opacity: 1; }
.slim .exact { top: 0; transform: none; }
.calm .exact:not(.shown) { clip-path: inset(50%) !important; }
@media (max-width: 45rem) {
  .chooser ul { position: absolute; }
  .chooser { position: static; }
  .chooser ul { top: auto; left: 0; right: 0; max-width: none; margin-top: 2.25rem; }
  .card.flush > .row.between.tail { padding: var(--s2) var(--s4); }
}
@media (prefers-reduced-motion: no-preference) {
  .tail [aria-pressed="true"]::before { animation: pulse 1.6s ease-in-out infinite; }
}
`;
