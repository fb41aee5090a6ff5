import type { Child } from "hono/jsx";
import { Icon } from "./icon.tsx";

/** A coloured word for a state; the word says it, the colour only helps. */
export function Pill({ tone, children }: { tone?: "good" | "warn" | "bad"; children?: Child }) {
  return <span class={tone === undefined ? "pill" : `pill ${tone}`}>{children}</span>;
}

interface NoticeProps {
  tone?: "bad" | "warn";
  /** Whether it says what was just done: whoever did it goes on from there. */
  isFirst?: boolean;
  children?: Child;
}

/** A message above a page's content. */
export function Notice({ tone, isFirst = false, children }: NoticeProps) {
  return (
    <div
      class={tone === undefined ? "notice" : `notice ${tone}`}
      role={tone === "bad" ? "alert" : "status"}
      {...(isFirst && { tabindex: -1, autofocus: true })}
    >
      <Icon name={tone === undefined ? "done" : "warning"} />
      <div>{children}</div>
    </div>
  );
}

/** What a list shows when it has nothing to show. */
export function Empty({
  icon,
  title,
  children,
}: {
  icon: Parameters<typeof Icon>[0]["name"];
  title: string;
  children?: Child;
}) {
  return (
    <div class="empty">
      <Icon name={icon} size={36} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** A name that may break before its @ and after its dots where a line is too short for it. */
export function Breakable({ name }: { name: string }) {
  return (
    <>
      {name.split(/(?=@)|(?<=\.)/).map((part, index) => (
        <>
          {index > 0 && <wbr />}
          {part}
        </>
      ))}
    </>
  );
}

/** A text to be copied, selected whole by a click and copied by a button where script runs. */
export function Copyable({ id, text, label }: { id: string; text: string; label: string }) {
  return (
    <div class="copy">
      <code id={id}>{text}</code>
      <button type="button" data-copy={id} aria-label={`Copy ${label}`}>
        Copy
      </button>
    </div>
  );
}

interface PagerProps {
  next: string | null;
  first: string | null;
  previous?: string | null;
  /** How many rows are shown, in words. */
  shown: string;
}

/** Leads on to a list's next page, and back to the one before and the first. */
export function Pager({ next, first, previous = null, shown }: PagerProps) {
  return (
    <nav class="pager" aria-label="Pages">
      <span>{shown}</span>
      <span class="row">
        {first !== null && (
          <a class="button" href={first}>
            First page
          </a>
        )}
        {previous !== null && (
          <a class="button" href={previous} rel="prev">
            Previous page
          </a>
        )}
        {next !== null && (
          <a class="button" href={next} rel="next">
            Next page
          </a>
        )}
      </span>
    </nav>
  );
}
