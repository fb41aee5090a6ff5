import type { JsonObject } from "../scim/json.ts";
import { type ListMessage, listResponse } from "../scim/list/list-response.ts";
import type { LogDraft } from "./log-draft.ts";
import { labelOf } from "./name-in-log-row.ts";

/** A resource that a list showed. */
interface Shown {
  type: "User" | "Group";
  id: string;
  document: JsonObject;
}

/** What is noted for the log of an answer that was a list: whom it showed, not what. A page of one user is about that user. */
export function draftListAnswer(
  shown: readonly Shown[],
  { totalResults, startIndex }: Pick<ListMessage, "totalResults" | "startIndex">,
): Partial<LogDraft> {
  const responseBody = listResponse({ totalResults, startIndex, resources: shown.map(({ id }) => ({ id })) });
  const [only] = shown;
  return {
    ...(shown.length === 1 && only?.type === "User" && aboutUser(only)),
    responseBody,
    responseText: JSON.stringify(responseBody),
  };
}

function aboutUser({ id, document }: Shown): Partial<LogDraft> {
  return { resourceType: "User", resourceId: id, label: labelOf("User", document) };
}
