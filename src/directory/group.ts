import type { RowOf } from "../platform/columns.ts";
import type { GROUP } from "./tables.ts";

/** A group's row with its SCIM document as JSON text. */
export type Group = RowOf<typeof GROUP>;
