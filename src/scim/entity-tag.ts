/**
 * The weak entity tag of a version, as sent in ETag and `meta.version` (RFC 7644 section 3.14). A version is a number; after
 * a dot may stand a digest of what the representation shows besides the resource's own attributes.
 */
export function weakTag(version: number | string): string {
  return `W/"${version}"`;
}

/**
 * Whether a request with `If-Match` may go on: no header, `*` on a resource that exists, or one tag of it. Of a tag only the
 * number counts: a write is about the resource's own attributes, which a digest says nothing of. Tags are
 * compared weakly, since all of ours are weak (RFC 7644 section 3.14; RFC 9110 section 13.1.1 would never match them).
 * `tag` is the current entity tag, null when there is no resource.
 */
export function matchesIfMatch(header: string | null | undefined, tag: string | null): boolean {
  if (header === null || header === undefined || header.trim() === "") return true;
  return isListed(header, tag, (opaque) => opaque.split(".", 1)[0] ?? "");
}

/** Whether `If-None-Match` names the current entity tag, so that a GET is answered 304 (RFC 9110 section 13.1.2). */
export function matchesIfNoneMatch(header: string | null | undefined, tag: string | null): boolean {
  if (header === null || header === undefined || header.trim() === "") return false;
  return isListed(header, tag, (opaque) => opaque);
}

/** What a request asks of the version it changes: the raw If-Match and If-None-Match headers (RFC 7644 section 3.14). */
export interface Preconditions {
  ifMatch?: string;
  ifNoneMatch?: string;
}

/** Whether a write may change a resource of this entity tag; if not, the answer is 412 (RFC 9110 sections 13.1.1 and 13.1.2). */
export function meetsPreconditions({ ifMatch, ifNoneMatch }: Preconditions, tag: string): boolean {
  return matchesIfMatch(ifMatch, tag) && !matchesIfNoneMatch(ifNoneMatch, tag);
}

function isListed(header: string, tag: string | null, comparedOf: (opaque: string) => string): boolean {
  if (tag === null) return false;
  if (header.trim() === "*") return true;
  const compared = comparedOf(opaqueTag(tag));
  return header.split(",").some((listed) => comparedOf(opaqueTag(listed)) === compared);
}

function opaqueTag(tag: string): string {
  return tag
    .trim()
    .replace(/^W\//i, "")
    .replace(/^"(.*)"$/, "$1");
}
