import type { attributeIndexes } from "../directory/tables.ts";

/** An index that a setting got for an attribute which its provider looks users up by. Times in milliseconds. */
export type AttributeIndex = typeof attributeIndexes.$inferSelect;

/** Names the index that a setting has, or may get, for an attribute. */
export function indexName({ settingKey, path }: Pick<AttributeIndex, "settingKey" | "path">): string {
  return `${settingKey} ${path}`;
}
