/** The timeline of a person: what each request did, step by step. */
export const TIMELINE_CSS = `
.timeline { list-style: none; padding: 0 var(--s5) var(--s3); font-size: var(--dense); }
.timeline > li { position: relative; padding: var(--s3) 0 var(--s3) var(--s5); }
.timeline > li::before { content: ""; position: absolute; left: 0.25rem; top: 0; bottom: 0; border-left: 2px solid var(--line); }
.timeline > li:first-child::before { top: 1.25rem; }
.timeline > li:last-child::before { bottom: auto; height: 1.25rem; }
.timeline > li:only-child::before { display: none; }
.timeline > li::after { content: ""; position: absolute; left: 0; top: 1.125rem; width: 0.625rem; height: 0.625rem; border-radius: 50%;
  background: var(--accent); box-shadow: 0 0 0 2px var(--surface); }
.timeline ul { list-style: none; display: grid; gap: var(--s1); margin-top: var(--s1); }
.timeline ul > li { display: grid; grid-template-columns: 4rem minmax(0, 1fr); gap: var(--s3); align-items: baseline; }
.timeline .tag { text-align: center; }
@media (max-width: 45rem) { .timeline { padding-inline: var(--s4); } .timeline > li { padding-left: var(--s4); }
  .timeline ul > li { grid-template-columns: 3.75rem minmax(0, 1fr); gap: var(--s2); } }
`;
