import type { Child } from "hono/jsx";

interface FiguresLaterProps {
  /** Where the script fetches the figures from. */
  url: string;
  /** What leads to the page with its figures, for those without script. */
  plain: Child;
  /** The same where the figures could not be had. */
  again: Child;
  /** What stands there meanwhile, in the shape of what comes. */
  children?: Child;
}

/** Where figures will be that take a moment to work out: the page comes at once, and the script fetches them. */
export function FiguresLater({ url, plain, again, children }: FiguresLaterProps) {
  return (
    <div data-figures={url} aria-busy="true">
      <noscript>{plain}</noscript>
      <div class="stack waiting">{children}</div>
      <div class="notice bad" role="alert" hidden>
        <p>The figures could not be worked out just now. Nothing has been changed.</p>
        {again}
      </div>
    </div>
  );
}

interface DecisionLaterProps {
  /** Where the script fetches the numbers and the button from. */
  url: string;
  /** The page with its numbers; null where the form itself is sent to get it, with what was typed. */
  plainUrl: string | null;
  /** Where "Cancel" leads. */
  cancel: string;
}

/** The end of a form whose consequences are counted once its page is there: the button comes with their numbers. */
export function DecisionLater({ url, plainUrl, cancel }: DecisionLaterProps) {
  const count = (label: string) => (
    <div class="actions">
      <a class="button" href={cancel}>
        Cancel
      </a>
      {plainUrl === null ? (
        <button class="primary" type="submit" name="figures" value="now">
          {label}
        </button>
      ) : (
        <a class="button primary" href={plainUrl}>
          {label}
        </a>
      )}
    </div>
  );
  return (
    <FiguresLater url={url} plain={count("Count now")} again={count("Try again")}>
      <p class="soft" role="status">
        Counting whom this is about…
      </p>
      <p class="bone" aria-hidden="true" />
      <div class="actions">
        <a class="button" href={cancel}>
          Cancel
        </a>
        <button type="submit" disabled>
          Counting…
        </button>
      </div>
    </FiguresLater>
  );
}
