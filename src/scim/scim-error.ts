import { clipText } from "./clip-text.ts";
import { kindOf, type RefusalCode, type RefusalStatus, type ScimType } from "./refusal-causes.ts";

/** A refusal as plain data, as it travels between the writer and the doors: its code, what follows from it, and a sentence. */
export interface Refusal {
  code: RefusalCode;
  status: RefusalStatus;
  scimType?: ScimType;
  detail: string;
  /** Seconds, with 429 and 503. */
  retryAfter?: number;
}

/** A refused request, answered in the SCIM error shape (RFC 7644 section 3.12). */
export class ScimError extends Error implements Refusal {
  readonly code: RefusalCode;
  readonly status: RefusalStatus;
  readonly scimType: ScimType | undefined;
  readonly detail: string;

  constructor(code: RefusalCode, detail: string) {
    super(detail);
    this.name = "ScimError";
    this.code = code;
    this.status = kindOf(code).status;
    this.scimType = kindOf(code).scimType;
    this.detail = detail;
  }

  /** The same refusal, told with the place in the request that it is about. */
  at(place: string): ScimError {
    return new ScimError(this.code, `${place}: ${this.detail}`);
  }
}

/** The refusal of a resource that is not there (RFC 7644 section 3.12, 404). */
export function notThere(type: "User" | "Group", detail: string): ScimError {
  return new ScimError(type === "User" ? "no_such_user" : "no_such_group", detail);
}

/** A refusal as plain data; `retryAfter` is in seconds. */
export function refusal(code: RefusalCode, detail: string, retryAfter?: number): Refusal {
  return { code, ...kindOf(code), detail, ...(retryAfter !== undefined && { retryAfter }) };
}

/** Shortens text that a client sent so that an error can quote it. */
export function quote(text: string): string {
  return JSON.stringify(clipText(text, 80));
}
