import type { PatchRequest } from "../scim/patch/patch.ts";

/** The texts that a PATCH sets one attribute of no extension to, in order. */
export function textsSetTo({ operations }: PatchRequest, attribute: string): string[] {
  return operations.flatMap((operation) => {
    if (operation.kind !== "attribute" || typeof operation.value !== "string") return [];
    const { path, value } = operation;
    return path.extension === undefined && path.attribute.name === attribute ? [value] : [];
  });
}

/** The texts that a PATCH sets attributes to, up to a number: names that it may turn out to need. */
export function textsIn({ operations }: PatchRequest, limit: number): string[] {
  return textsOf(
    operations.map((operation) => (operation.kind === "attribute" ? operation.value : undefined)),
    limit,
  );
}

/** The texts inside a value, in the order they come. */
function textsOf(value: unknown, limit: number): string[] {
  const texts: string[] = [];
  const visit = (part: unknown): void => {
    if (texts.length >= limit) return;
    if (typeof part === "string") {
      if (part.length > 0 && part.length <= 320) texts.push(part);
    } else if (typeof part === "object" && part !== null) for (const inner of Object.values(part)) visit(inner);
  };
  visit(value);
  return texts;
}
