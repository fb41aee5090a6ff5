import type { groups } from "./tables.ts";

/** A group's row with its SCIM document as JSON text. */
export type Group = Omit<typeof groups.$inferSelect, "companyKey" | "foldedDocument" | "extensions">;
