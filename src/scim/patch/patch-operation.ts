import type { AttributePath } from "../filter/attribute-path.ts";
import type { Json } from "../json.ts";
import type { Rivals } from "./contested-elements.ts";
import type { MemberOperation } from "./member-operations.ts";
import type { PatchVerb } from "./merge-complex-value.ts";

/** An operation on one attribute, its value already read by the schema: undefined is "no value", a null in it clears a part. */
export interface AttributeOperation {
  kind: "attribute";
  verb: PatchVerb;
  path: AttributePath;
  value: Json | undefined;
  /** The path or the key as it was sent, for notes. */
  sent: string;
  /** What a remove was sent with whose path says it all. */
  beside?: Json;
  rivals?: Rivals;
  /** Its place in the request, from 0. */
  index: number;
}

/** An operation that takes away a whole extension. */
export interface ExtensionOperation {
  kind: "extension";
  verb: PatchVerb;
  urn: string;
  /** As in an operation on an attribute. */
  sent: string;
  index: number;
}

/** One step of a PATCH; those on members need no document. */
export type PatchOperation =
  | AttributeOperation
  | ExtensionOperation
  | { kind: "members"; operations: MemberOperation[]; index: number };

/** What an operation is called in refusals and notes: its place in the list that `at` leads to, from 0. */
export function placeOf(at: string, index: number): string {
  return `${at}[${index}]`;
}
