interface Tab {
  href: string;
  label: string;
  isShown: boolean;
}

/** Links to the parts of a page of which one is shown; `label` says to a screen reader what they choose. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ href, label: word, isShown }) => (
        <a href={href} aria-current={isShown ? "true" : undefined}>
          {word}
        </a>
      ))}
    </nav>
  );
}
