import { pathOf, pathSent } from "../platform/request-url.ts";
import type { JsonObject } from "../scim/json.ts";
import { keepBody, keepFrame, keepRefusal, keepText } from "./keep-body.ts";
import type { LogDraft } from "./log-draft.ts";
import type { LogEntry } from "./log-entry.ts";
import { maskDetail } from "./mask-error-detail.ts";
import { keepMethod, keepPath } from "./mask-request-path.ts";
import { withoutPerson } from "./notes-without-person.ts";
import { redactEntry } from "./redact-log-entry.ts";
import { tieToPerson } from "./tie-row-to-person.ts";

/** A request as its door knows it when its row is made. */
interface LoggedRequest extends Pick<LogEntry, "id" | "settingId" | "tokenId" | "time" | "method" | "duration"> {
  url: string;
  /** Whether it is a Bulk request, which is about many. */
  isBulk: boolean;
  /** The filter in its query, if any. */
  filter: string | null;
  draft: LogDraft;
}

/**
 * The row of the provisioning log that a request has come to so far, with what may be kept of it; `status` is the answer's.
 * What is kept is what is known to name nobody: words of routes, parameters and attributes, and ids. More is kept only where
 * the row is found by the person: all of what was sent and answered about a user by its id, and one name.
 */
export function keepRequest(
  { url, isBulk, filter, draft, method, ...request }: LoggedRequest,
  status: number,
): LogEntry {
  const isRefused = status >= 400;
  const isSearch = pathSent(url).toLowerCase().endsWith("/.search");
  const asked = (method === "GET" || method === "HEAD") && isList(url) ? filter : null;
  const tie = tieToPerson({ isBulk, makes: status === 201, isSearch, filter: asked, draft });
  // The name that a refused request gives to what has an id is not what that is called.
  const label = isRefused && draft.resourceId !== null ? null : tie.label;
  const isWhole = tie.isById && !isRefused && !isSearch;
  const frame = keepFrame(draft.requestBody, { label, filter: tie.filter });
  const detail = draft.detail === null ? null : maskDetail(draft.detail, label);
  return redactEntry({
    ...request,
    method: keepMethod(method),
    path: keepPath(url, tie.filter),
    resourceType: draft.resourceType,
    resourceId: draft.resourceId,
    label,
    status,
    code: draft.code,
    scimType: draft.scimType,
    detail,
    requestBody: isWhole ? keepBody(draft.requestBody) : frame,
    responseBody: isRefused ? keepRefusal(status, draft.scimType, detail) : keepAnswer(draft, tie.isById, label),
    notes: isWhole ? draft.notes : draft.notes.map(withoutPerson),
    ...(isWhole && { frame }),
    ...(draft.lookedUp !== null && { lookedUp: draft.lookedUp }),
  });
}

/** Whether a path is that of a list, rather than of one resource. */
function isList(url: string): boolean {
  return /\/(users|groups|v2)$/i.test(pathOf(url));
}

/** What is answered of one user is kept as it is, and so is what says nothing of anybody: lists, of which the ids are kept. */
function keepAnswer({ resourceType, responseBody, responseText }: LogDraft, isById: boolean, label: string | null) {
  if (isById || resourceType === null) return keepText(responseText) ?? keepBody(responseBody);
  // Groups and lists are objects.
  return keepFrame(responseBody as JsonObject | null, { label, filter: null });
}
