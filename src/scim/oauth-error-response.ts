import type { Refusal } from "./scim-error.ts";

/** A refusal as the answer of a token endpoint tells it (RFC 6749 section 5.2). */
export function oauthErrorBody(refusal: Pick<Refusal, "code" | "status" | "detail">) {
  // Descriptions may have printable ASCII without quotes and backslashes.
  const description = refusal.detail.replaceAll('"', "'").replace(/[^\x20-\x7e]|\\/g, "?");
  return { error: nameOf(refusal), error_description: description };
}

/** What an error is called in section 5.2; where that has no word, section 4.1.2.1 has one. */
function nameOf({ code, status }: Pick<Refusal, "code" | "status">): string {
  if (status === 401) return "invalid_client";
  if (code === "unsupported_grant_type") return "unsupported_grant_type";
  if (status === 429 || status === 503) return "temporarily_unavailable";
  return status >= 500 ? "server_error" : "invalid_request";
}
