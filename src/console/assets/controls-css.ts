/** What can be pressed, filled in and looked at: buttons, fields, choices, steps, plots. */
export const CONTROLS_CSS = `
.button, button { font: inherit; font-size: var(--dense); font-weight: 550; line-height: 1.3; padding: 0.25rem 0.75rem;
  min-height: var(--control); border-radius: var(--radius-small); border: 1px solid var(--line-strong); background: var(--surface); color: var(--ink);
  cursor: pointer; text-decoration: none; display: inline-flex; align-items: center; justify-content: center; gap: 0.375rem;
  white-space: nowrap; }
.button:hover, button:hover { background: var(--sunken); color: var(--ink); }
.primary, .primary:hover { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.primary:hover { background: var(--accent-strong); border-color: var(--accent-strong); }
.danger { color: var(--bad); border-color: var(--bad); }
.danger:hover { background: var(--bad-wash); color: var(--bad); }
button.danger:not(.plain), button.danger:not(.plain):hover { background: var(--bad); color: var(--surface); }
button.danger:not(.plain):hover { background: color-mix(in srgb, var(--bad) 86%, var(--ink)); }
.plain { border-color: transparent; background: none; color: var(--accent); padding-inline: 0.375rem; }
.plain.danger { color: var(--bad); }
button[aria-busy="true"] { opacity: 0.65; cursor: progress; }
.field { display: flex; flex-direction: column; gap: var(--s1); min-width: 0; }
form.card > .field { max-width: 44rem; }
label, legend, .label { font-weight: 550; font-size: var(--dense); padding: 0; }
.hint { font-size: var(--small); color: var(--ink-soft); font-weight: 400; }
.error { font-size: var(--small); color: var(--bad); font-weight: 500; }
input:not([type="radio"], [type="checkbox"]), select { font: inherit; color: var(--ink); background: var(--surface);
  border: 1px solid var(--line-strong); border-radius: var(--radius-small); padding: 0.25rem 0.625rem; width: 100%;
  min-width: 0; min-height: var(--control); }
input[aria-invalid="true"] { border-color: var(--bad); box-shadow: 0 0 0 1px var(--bad); }
input[type="date"] { max-width: 14rem; }
input.mono { font-size: var(--small); }
input[type="radio"], input[type="checkbox"] { accent-color: var(--accent); width: 1.05rem; height: 1.05rem; margin: 0.2rem 0 0; flex: none; }
.choices { display: grid; gap: var(--s2); margin-top: var(--s2); }
.choices.three { grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); }
.choice { position: relative; display: flex; gap: var(--s3); border: 1px solid var(--line); border-radius: var(--radius);
  padding: var(--s3) var(--s4); background: var(--surface); cursor: pointer; font-weight: 400; }
.choice:hover { border-color: var(--line-strong); }
.choice:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); background: var(--accent-wash); }
.choice:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: 2px; }
.choice strong { display: block; font-weight: 600; }
.choice .hint { display: block; }
.choice svg { margin-bottom: var(--s2); color: var(--accent); }
.filters { display: flex; flex-wrap: wrap; gap: var(--s2) var(--s3); align-items: flex-end; margin-bottom: var(--s3); }
.filters .field { flex: 1 1 9rem; max-width: 20rem; }
.filters .field.grow { flex: 2 1 14rem; max-width: 28rem; }
.filters:has(.field > .error) { align-items: flex-start; }
.filters:has(.field > .error) > :is(button, .button) { margin-top: calc(var(--tiny) * 1.5 + var(--s1)); }
.filters label { font-size: var(--tiny); font-weight: 500; color: var(--ink-soft); }
form.inline { display: inline; }
.actions { display: flex; flex-wrap: wrap; gap: var(--s2); align-items: center; justify-content: space-between;
  margin-top: var(--s5); padding-top: var(--s4); border-top: 1px solid var(--line); }
.actions.moves { flex-direction: row-reverse; }
.steps { list-style: none; display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: var(--s2); margin-bottom: var(--s5);
  font-size: var(--small); }
.steps li { border-top: 3px solid var(--line); padding-top: var(--s2); color: var(--ink-soft); }
.steps li.done { border-color: var(--accent); }
.steps li[aria-current] { border-color: var(--accent); color: var(--ink); font-weight: 600; }
.mapping { display: grid; grid-template-columns: minmax(9rem, 10.5rem) minmax(0, 1fr); gap: var(--s1) var(--s4);
  padding: var(--s3) 0; border-bottom: 1px solid var(--line); align-items: start; }
.mapping:last-of-type { border-bottom: 0; }
.mapping .sample { display: block; min-height: 1.25rem; }
.copy { display: flex; gap: var(--s2); align-items: stretch; }
.copy > code { flex: 1; min-width: 0; padding: 0.375rem 0.625rem; background: var(--sunken); border: 1px solid var(--line);
  border-radius: var(--radius-small); user-select: all; font-size: var(--small); line-height: 1.6; }
[data-copy] { visibility: hidden; }
.js [data-copy] { visibility: visible; }
.token { border: 1px solid color-mix(in srgb, var(--warn) 45%, transparent); background: var(--warn-wash); border-radius: var(--radius);
  padding: var(--s4) var(--s5); }
.live { list-style: none; display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: var(--s3); }
.live li { display: flex; flex-direction: column; gap: 2px; padding-top: var(--s2); border-top: 3px solid var(--line); font-size: var(--dense); min-height: 4rem; }
.live li.done { border-color: var(--good); }
.live li.now { border-color: var(--accent); }
.live .soft { font-size: var(--small); }
.panel .live { grid-template-columns: minmax(0, 1fr); gap: 0; }
.panel .live li { min-height: 0; padding: var(--s2) 0 var(--s2) var(--s3); border-top: 0; border-left: 3px solid var(--line); }
.panel .live li.done { border-left-color: var(--dot-good); }
.panel .live li.now { border-left-color: var(--accent); }
.check { display: flex; gap: var(--s2); padding: var(--s3); border-radius: var(--radius-small); background: var(--sunken); }
.check svg { flex: none; margin-top: 0.125em; }
.check.good { background: var(--good-wash); color: var(--good); }
.check.bad { background: var(--bad-wash); color: var(--bad); }
.of-provider { display: block; margin-top: var(--s1); padding-left: var(--s2); border-left: 2px solid var(--line-strong); color: var(--ink); }
.facts dd .tag { margin-left: var(--s2); }
.guide > li { margin-bottom: var(--s5); }
.guide { padding-left: 1.5rem; }
.bullets + .guide { margin-top: var(--s5); }
.guide .hint { margin-top: var(--s2); }
.guide > li:last-child { margin-bottom: var(--s2); }
.guide li::marker { font-weight: 650; color: var(--accent); }
.guide ol, .guide ul, .bullets { padding-left: 1.25rem; margin-top: var(--s2); display: grid; gap: var(--s1); }
.guide dl { margin-top: var(--s3); }
.where { color: var(--ink-soft); font-size: var(--dense); }
.template, .body { overflow: auto; max-height: 32rem; background: var(--sunken); border: 1px solid var(--line); border-radius: var(--radius-small);
  padding: var(--s3); margin-top: var(--s2); font-size: var(--small); }
.template pre, .body pre { margin: 0; }
.body pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.plot { width: 100%; height: auto; max-width: 52rem; }
.plot .ok { fill: var(--bar); }
.plot .failed { fill: var(--bar-bad); }
.plot .left { fill: var(--bar-left); }
.plot .axis { stroke: var(--line); }
.plot text { fill: var(--ink-soft); font-size: 11px; font-family: inherit; }
.legend { display: flex; flex-wrap: wrap; gap: 0 var(--s4); font-size: var(--small); color: var(--ink-soft); }
.legend span { white-space: nowrap; }
.legend span::before { content: ""; display: inline-block; width: 0.625rem; height: 0.625rem; border-radius: 2px; margin-right: 0.375rem;
  background: var(--bar); }
.legend .failed::before { background: var(--bar-bad); }
.legend .left::before { background: var(--bar-left); }
.tabs { display: inline-flex; align-self: flex-start; flex-wrap: wrap; border: 1px solid var(--line); border-radius: var(--radius-small); overflow: hidden; font-size: var(--small); }
.tabs a { padding: 0.25rem 0.625rem; color: var(--ink-soft); text-decoration: none; }
.tabs a[aria-current] { background: var(--accent-wash); color: var(--accent-strong); font-weight: 600; }
.plain-list { list-style: none; display: grid; gap: var(--s3); }
.plain-list > li { overflow-wrap: anywhere; }
.failure { padding: var(--s3) 0; border-bottom: 1px solid var(--line); }
.failure:last-child { border-bottom: 0; padding-bottom: 0; }
details > summary { cursor: pointer; font-weight: 550; font-size: var(--dense); }
details[open] > summary { margin-bottom: var(--s3); }
.when-field, .when-group, .when-some, .when-range { display: none; }
form:has(option[value="range"]:checked) .when-range { display: flex; flex-wrap: wrap; align-items: flex-start;
  gap: var(--s2) var(--s3); flex: 0 1 auto; }
.filters .when-range .field { flex: 0 1 13.5rem; }
form:has(#which-some:checked) .when-some { display: grid; }
.tick { display: flex; gap: var(--s2); font-weight: 500; align-items: flex-start; }
.tick .hint { display: block; }
.when-script { display: none; }
.js .when-script { display: flex; }
.ticks { grid-template-columns: repeat(auto-fill, minmax(11.5rem, 1fr)); gap: var(--s1) var(--s4); margin-top: var(--s3); }
.ticks label { display: flex; gap: var(--s2); align-items: center; font-weight: 400; }
.ticks input[type="checkbox"] { margin: 0; }
form:has(#criteria-field:checked) .when-field { display: flex; }
form:has(#own-group:not(:placeholder-shown)) .when-group { display: block; }
@media (max-width: 45rem) {
  .mapping { grid-template-columns: minmax(0, 1fr); }
  .live { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
  .plot text { font-size: 20px; }
  .steps li span { display: none; }
  .steps li[aria-current] span { display: inline; }
  .copy { flex-wrap: wrap; }
  .filters .field { flex: 1 1 45%; max-width: none; }
  .filters .field.grow { flex: 1 1 100%; max-width: none; }
  .filters .when-range .field { flex: 1 1 100%; }
}
@media (prefers-reduced-motion: no-preference) {
  .live li.now strong::before { content: ""; display: inline-block; width: 0.5rem; height: 0.5rem; margin-right: 0.375rem; border-radius: 50%;
    background: var(--accent); animation: pulse 1.6s ease-in-out infinite; }
  @keyframes pulse { 50% { opacity: 0.25; } }
}
.bone { height: 1rem; max-width: 18rem; margin-block: 0.1875rem; border-radius: var(--radius-small); background: var(--sunken);
  animation: breathe 1.6s ease-in-out infinite alternate; }
@keyframes breathe { to { opacity: 0.45; } }
@media (prefers-reduced-motion: reduce) { .bone { animation: none; } }
@media (scripting: none) { .waiting { display: none; } }
[hidden] { display: none !important; }
`;
