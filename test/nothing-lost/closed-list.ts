/**
 * All that a request may name and that is afterwards neither in the resource nor in the log entry's notes: what has no
 * effect by rule, each with its rule. Nothing else is.
 */
export const CLOSED_LIST = {
  readOnly: "What by rule has no effect: read-only attributes (design section 1, level a).",
  secret: "`password` is never stored, logged or returned, under whatever object or path it stands (design section 4).",
  nothing:
    "Nulls for what is not there (design section 1, level a); blanks, [] and {} say the same (RFC 7643 section 2.5).",
  schemas: "Missing or foreign `schemas` are accepted (design section 4): they name schemas, not values.",
  hollow:
    "Of an element whose `value` is sent as null or a blank text, what the value would be for (`type`, `primary`) goes with it: nulls for what is not there, as templates send them (design section 1, level a; .github/docs/scim.md).",
  onePrimary:
    "`primary` is true at most once; a new one makes the others false (RFC 7643 section 2.4, RFC 7644 section 3.5.2). Two that one list names are told.",
  impliedPrimary: "The first e-mail is shown as `primary` where none was said to be (design section 4).",
  once: "Equal elements of a list are kept once (design section 4).",
  inOrder:
    "Operations apply in their order (RFC 7644 section 3.5.2): a later one on the same attribute has the last word.",
  member:
    "Of a member only its id is the client's to say; $ref, type (of users and groups) and display follow from it (RFC 7643 section 4.2).",
  address:
    "A `$ref` is the address of the `value` beside it, and goes when that becomes another (RFC 7643 section 4.3).",
  counted: "A log entry has 20 notes, of which the last counts the others (README, Read on: limits.md).",
} as const;

/** A reason for which something named may be nowhere. */
type ClosedReason = keyof typeof CLOSED_LIST;

/** How often each reason was given: one that never is has no place on the list. */
export class ClosedCount {
  readonly counts = new Map<ClosedReason, number>();

  /** Nothing is wrong, for this reason. */
  allow(reason: ClosedReason): [] {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1);
    return [];
  }
}
