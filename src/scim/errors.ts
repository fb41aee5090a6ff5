import type { JsonObject } from "./json.ts";

/** The keywords that tell a client why a request was refused (RFC 7644 section 3.12, RFC 9865 section 2.3). */
export type ScimType =
  | "invalidFilter"
  | "tooMany"
  | "uniqueness"
  | "mutability"
  | "invalidSyntax"
  | "invalidPath"
  | "noTarget"
  | "invalidValue"
  | "invalidVers"
  | "sensitive"
  | "invalidCursor"
  | "expiredCursor"
  | "invalidCount";

/** A refused request, answered in the SCIM error shape (RFC 7644 section 3.12). */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimType | undefined;
  readonly detail: string;
  /** What the management API calls the refusal, for a program to choose by. */
  readonly code: string | undefined;

  constructor(status: number, scimType: ScimType | undefined, detail: string, code?: string) {
    super(detail);
    this.name = "ScimError";
    this.status = status;
    this.scimType = scimType;
    this.detail = detail;
    this.code = code;
  }
}

/** The body of an error answer; `status` is a string (RFC 7644 section 3.12). */
export function errorBody(error: ScimError): JsonObject {
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: String(error.status),
    ...(error.scimType === undefined ? {} : { scimType: error.scimType }),
    detail: error.detail,
  };
}

/** Shortens text that a client sent so that an error can quote it. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
