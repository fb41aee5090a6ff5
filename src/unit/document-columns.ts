import { getTableColumns } from "drizzle-orm";
import { foldDocument } from "../directory/folded-document.ts";
import { parseDocument } from "../directory/parse-document.ts";
import { ONLY_ENTERPRISE } from "../directory/resource-tables.ts";
import { users } from "../directory/tables.ts";
import { pick, type RowOf } from "../platform/columns.ts";
import { extensionsOf } from "../scim/represent-resource.ts";

/** The columns of a document and of what is derived from it, which users and groups have alike. */
export const DOCUMENT = pick(getTableColumns(users), "document", "foldedDocument", "extensions");
/** Those of a user. */
export const USER_DOCUMENT = pick(getTableColumns(users), "document", "foldedDocument", "extensions", "isEnterprise");

/** What the row of a group has of its document. */
export function documentColumns(text: string): RowOf<typeof DOCUMENT> {
  const document = parseDocument(text);
  const extensions = JSON.stringify(extensionsOf(document));
  return { document: text, foldedDocument: foldDocument(document), extensions };
}

/** What the row of a user has of it: the list of its extensions is mostly one that is not written out. */
export function userDocumentColumns(text: string): RowOf<typeof USER_DOCUMENT> {
  const columns = documentColumns(text);
  return columns.extensions === ONLY_ENTERPRISE
    ? { ...columns, extensions: null, isEnterprise: true }
    : { ...columns, isEnterprise: null };
}
