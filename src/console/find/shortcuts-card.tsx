/** The keys that lead somewhere, and the switch for those pressed without Ctrl or Cmd (WCAG 2.1.4); a browser keeps it for itself. */
export function ShortcutsCard() {
  return (
    <section class="card stack tight" id="shortcuts" aria-labelledby="shortcuts-title">
      <h2 id="shortcuts-title">Shortcuts</h2>
      <dl class="facts">
        <dt>
          <kbd>Ctrl</kbd> <kbd>K</kbd> or <kbd>⌘</kbd> <kbd>K</kbd>
        </dt>
        <dd>Find anything, from every page</dd>
        <dt>
          <kbd>/</kbd>
        </dt>
        <dd>The same, unless something is being typed</dd>
      </dl>
      <label class="tick when-script">
        <input type="checkbox" data-single-keys checked />
        <span>
          Single keys are on
          <span class="hint">
            Switch this off if you dictate, or press keys by accident. Kept in this browser only.
          </span>
        </span>
      </label>
      <noscript>
        <p class="hint">Shortcuts need script, which this browser does not run.</p>
      </noscript>
    </section>
  );
}
