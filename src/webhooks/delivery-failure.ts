/** Why a delivery failed, or why a webhook stands still: a closed list, which the console has advice for. */
export type FailureCode =
  /** It was answered with a redirect, which is not followed. */
  | "redirects"
  /** 401 or 403. */
  | "denied"
  /** 404 or 405. */
  | "not_there"
  /** 410: the receiver wants no more. */
  | "gone"
  /** 429. */
  | "slow_down"
  /** Any other 4xx. */
  | "rejected"
  /** 5xx, or a status that HTTP does not have. */
  | "broken"
  | "too_slow"
  | "not_reached"
  /** Its URL is none that may be sent to. */
  | "bad_address"
  /** The retention has taken changes that it had not received. */
  | "missed_changes"
  /** SESSION_SECRET has changed since its signing secret was made. */
  | "unreadable_secret";

/** What went wrong, as a word and as a sentence for people. */
export interface Failure {
  code: FailureCode;
  detail: string;
}

/** The failure that an answer's status stands for; null for one of acceptance (2xx). */
export function failureOf(status: number): Failure | null {
  if (status >= 200 && status < 300) return null;
  const code = codeOf(status);
  return {
    code,
    detail: code === "redirects" ? `Answered ${status}: redirects are not followed.` : `Answered ${status}.`,
  };
}

function codeOf(status: number): FailureCode {
  if (status >= 300 && status < 400) return "redirects";
  switch (status) {
    case 401:
    case 403:
      return "denied";
    case 404:
    case 405:
      return "not_there";
    case 410:
      return "gone";
    case 429:
      return "slow_down";
    default:
      return status >= 400 && status < 500 ? "rejected" : "broken";
  }
}
