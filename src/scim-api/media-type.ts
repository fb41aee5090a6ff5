/** The media type of every answer, and the preferred one of bodies (RFC 7644 section 8.1). */
export const SCIM_MEDIA_TYPE = "application/scim+json";

const ACCEPTED = new Set([SCIM_MEDIA_TYPE, "application/json"]);

/**
 * Whether a body of this Content-Type is read. Parameters (charset) are ignored: the body is UTF-8 or refused as such.
 * A missing Content-Type is taken for JSON, which is what a SCIM body must be: the parser has the last word.
 */
export function isAcceptedMediaType(contentType: string | undefined): boolean {
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  return type === "" || ACCEPTED.has(type);
}
