/** A page that is refused; the catcher shows it in the console's own shape. */
export class Refused extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined;

  constructor(status: number, title: string, detail: string, retryAfter?: number) {
    super(detail);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

/** The 404 of everything that is not there, or belongs to another company: the two are not told apart. */
export function notHere(): Refused {
  return new Refused(404, "Nothing here", "This page does not exist, or it belongs to another company.");
}
