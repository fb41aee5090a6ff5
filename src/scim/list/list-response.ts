import type { JsonObject } from "../json.ts";

/** What a page of a list says. */
export interface ListMessage {
  resources: JsonObject[];
  totalResults: number;
  startIndex?: number;
  itemsPerPage?: number;
  nextCursor?: string;
  previousCursor?: string;
}

/** The ListResponse message; `Resources` is always there, even when empty (RFC 7644 section 3.4.2, RFC 9865 section 2). */
export function listResponse(page: ListMessage): JsonObject {
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: page.totalResults,
    ...(page.startIndex === undefined ? {} : { startIndex: page.startIndex }),
    itemsPerPage: page.itemsPerPage ?? page.resources.length,
    ...(page.previousCursor === undefined ? {} : { previousCursor: page.previousCursor }),
    ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
    Resources: page.resources,
  };
}

/** A ListResponse as JSON text, of resources that are JSON texts already. */
export function printListResponse(page: Omit<ListMessage, "resources">, resources: readonly string[]): string {
  const empty = JSON.stringify(listResponse({ itemsPerPage: resources.length, ...page, resources: [] }));
  // `Resources` comes last: its list is what ends the text.
  return `${empty.slice(0, -"]}".length)}${resources.join(",")}]}`;
}
