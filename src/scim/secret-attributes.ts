import { foldCase } from "./fold-case.ts";

/** Attributes whose values are never stored, returned or logged, wherever they stand; folded. */
export const SECRET_NAMES: ReadonlySet<string> = new Set(["password"]);

/** What stands for the value of a secret. */
export const REDACTED = "[redacted]";

/** Whether an attribute of that name, in any case, is a secret. */
export function isSecret(name: string): boolean {
  return SECRET_NAMES.has(foldCase(name));
}

/** Whether a URN is that of a secret: the name at its end counts alone. */
export function endsInSecret(urn: string): boolean {
  return isSecret(urn.slice(urn.lastIndexOf(":") + 1));
}

/** Whether a path or a key leads to or through a secret: `password`, `urn:x:User:password`, `password.value`, `x[password eq "p"]`. */
export function mentionsSecret(path: string): boolean {
  return path.length >= 8 && path.split(/[^\p{L}\p{N}_$-]+/u).some(isSecret);
}
