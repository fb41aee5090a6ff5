import { isId } from "../platform/ids.ts";
import { pathSent, queryOf } from "../platform/request-url.ts";
import type { LogDraft } from "./draft.ts";
import type { LogEntry } from "./entry.ts";
import { keepBody, keepText, namesSecret } from "./keep-body.ts";
import { withoutPerson } from "./keep-notes.ts";
import { withoutQuotes } from "./quotes.ts";
import { tieToPerson } from "./tie-to-person.ts";

/** A request as its door knows it when its row is made. */
interface LoggedRequest extends Pick<LogEntry, "id" | "settingId" | "tokenId" | "time" | "method" | "duration"> {
  url: string;
  /** Whether it is a Bulk request, which is about many. */
  isBulk: boolean;
  /** The filter in its query, if any. */
  filter: string | null;
  draft: LogDraft;
}

/** The row of the provisioning log that a request has come to so far, with what may be kept of it; `status` is the answer's. */
export function keepRequest({ url, isBulk, filter, draft, ...request }: LoggedRequest, status: number): LogEntry {
  const tie = tieToPerson({ isBulk, filter, draft });
  const hidesAnswer = tie.isLoose && status >= 400;
  return {
    ...request,
    path: keepPath(url, tie.hidesQuery),
    resourceType: draft.resourceType,
    resourceId: draft.resourceId,
    label: tie.label,
    status,
    code: draft.code,
    scimType: draft.scimType,
    detail: tie.isLoose && draft.detail !== null ? withoutQuotes(draft.detail) : draft.detail,
    requestBody: tie.isLoose ? null : keepBody(draft.requestBody, tie.omitted),
    responseBody: hidesAnswer
      ? null
      : (keepText(draft.responseText, tie.omitted) ?? keepBody(draft.responseBody, tie.omitted)),
    notes: tie.isLoose ? draft.notes.map(withoutPerson) : draft.notes,
    ...(draft.sought !== null && { sought: draft.sought }),
  };
}

/** The path and query as sent, unless the query names a secret attribute, or people that the row could not be found by. */
function keepPath(url: string, hidesQuery: boolean): string {
  const path = pathSent(url)
    .replace(/(\/(?:Users|Groups)\/)([^/]+)/i, (_, before: string, id: string) =>
      isId(id) || id.toLowerCase() === ".search" ? before + id : `${before}[name]`,
    )
    .slice(0, 500);
  const query = queryOf(url);
  const isHidden = hidesQuery || (query !== "" && namesSecret(new URLSearchParams(query).toString()));
  return isHidden ? `${path}?[redacted]` : path + query.slice(0, 2000);
}
