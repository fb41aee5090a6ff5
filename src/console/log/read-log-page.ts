import type { ReadInShare } from "../../companies/read-in-share.ts";
import { foldKey } from "../../directory/fold-key.ts";
import { findNamedResources, type NamedResource, selectNamedResource } from "../../directory/named-resources.ts";
import {
  type CompanyLogQuery,
  type LogPage,
  type LogStretch,
  listRequests,
  readAllRequests,
} from "../../log/log-list-store.ts";
import { listRequestsAbout, readAllAbout, type Subject } from "../../log/requests-about-store.ts";
import type { Database } from "../../platform/database.ts";
import { NOTHING, type Read, runRead, together } from "../../platform/read-batch.ts";
import { type CredentialRecord, selectCredential, selectUsedCredentials } from "../../settings/credential-store.ts";
import { type SettingName, selectNames } from "../../settings/merge-rows-of-settings.ts";
import { type SettingRecord, selectSettings } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { searchOf } from "../search-in-share.ts";
import type { Given } from "./log-query.ts";

/** What the log's page shows beside its requests. */
interface LogFrame {
  settings: SettingRecord[];
  credentials: CredentialRecord[];
  /** Whom the requests are about, where only those about one are asked for. */
  resource: NamedResource | null;
}

/** Who has the text that was searched for in a name; null where it was looked for in the requests themselves. */
export type Named = Awaited<ReturnType<typeof findNamedResources>> | null;

/** So many of the credentials that were used last can be chosen. */
const CREDENTIALS = 30;

/** A credential's last use is written once in a few seconds, and its requests come to the log as late. */
const LATE = 60_000;

/** Reads what stands around the list. */
export function selectLogFrame(companyKey: number, { resource, credential }: Given): Read<LogFrame> {
  const read = together({
    settings: selectSettings(companyKey, { take: 200, after: null }),
    credentials: selectUsedCredentials(companyKey, CREDENTIALS),
    asked: selectCredential(companyKey, credential ?? ""),
    resource: selectNamedResource(companyKey, resource ?? ""),
  });
  return {
    ...read,
    decode: (results) => {
      const { asked, credentials, ...frame } = read.decode(results);
      const isListed = asked === null || credentials.some(({ id }) => id === asked.id);
      return { ...frame, credentials: isListed ? credentials : [...credentials, asked] };
    },
  };
}

/** What is read of a company's log, and how much of its database may be used for it. */
interface Where {
  database: Database;
  companyKey: number;
  readInShare: ReadInShare;
}

/** Reads a page of the log with what stands around it, of one moment, and who has the text that is searched for in a name. */
export async function readLogPage(
  c: ConsoleContext,
  given: Given,
  query: CompanyLogQuery,
  page: LogPage,
): Promise<LogStretch & { frame: LogFrame; named: Named }> {
  const { company, database } = c.var;
  const where = { database, companyKey: company.key, readInShare: searchOf(c) };
  const frame = selectLogFrame(company.key, given);
  if (!isByName(given) && query.tokenId == null) {
    const { beside, ...stretch } = await listRequests(database, company.key, query, page, frame, where.readInShare);
    return { ...stretch, frame: beside, named: null };
  }
  return atOneMoment(c, async () => {
    const { frame: known, named, subjects, asked } = await askLog(where, given, query);
    const stretch =
      subjects === null
        ? await listRequests(database, company.key, asked, page, NOTHING, where.readInShare)
        : await listRequestsAbout(database, asked, subjects, page, where.readInShare);
    return { ...stretch, frame: known, named };
  });
}

/** Whether people and groups are looked up by a name first, whose requests are read then by their ids. */
export function isByName({ q, in: place, resource }: Given): boolean {
  return q !== "" && place === null && !resource;
}

/** Looks up what a query names: its credential and, by their names, people and groups. */
async function askLog({ database, companyKey, readInShare }: Where, given: Given, query: CompanyLogQuery) {
  const { names, ...frame } = await runRead(database, withNames(companyKey, selectLogFrame(companyKey, given)));
  const found = isByName(given) ? await findNamedResources(database, companyKey, given.q, readInShare) : null;
  const named: Named = found === null || found.found.length === 0 ? null : found;
  const subjects = named === null ? null : subjectsOf(given.q, named.found, names);
  return { frame, named, subjects, asked: withinLife(query, frame.credentials) };
}

/** All that the log has of what is asked for, for a download: each call gives the next requests, and none after the last. */
export async function readAllOfLog(where: Where, given: Given, query: CompanyLogQuery) {
  const { database, companyKey, readInShare } = where;
  const { subjects, asked } = await askLog(where, given, query);
  const order = { isUp: given.sort === "time" };
  return subjects === null
    ? readAllRequests(database, companyKey, asked, order, readInShare)
    : readAllAbout(database, asked, subjects, order, readInShare);
}

/** With all settings of the company, those that were deleted too: the log has their requests as long as others. */
function withNames(companyKey: number, frame: Read<LogFrame>): Read<LogFrame & { names: SettingName[] }> {
  const read = together({ frame, names: selectNames(companyKey, { id: null, managed: null }) });
  return {
    ...read,
    decode: (results) => {
      const { frame: known, names } = read.decode(results);
      return { ...known, names };
    },
  };
}

/**
 * A query by credential, within the time in which that was used: no index has the requests of one, which would cost a row for
 * each, but outside that time there are none, and within it most are its own.
 */
function withinLife(query: CompanyLogQuery, credentials: readonly CredentialRecord[]): CompanyLogQuery {
  if (query.tokenId == null) return query;
  const used = credentials.find(({ id }) => id === query.tokenId);
  const [since, until] = used === undefined ? [0, 0] : [used.createdAt, (used.lastUsedAt ?? 0) + LATE];
  return {
    ...query,
    settingId: query.settingId ?? used?.settingId ?? null,
    since: Math.max(since, query.since ?? 0),
    until: Math.min(until, query.until ?? Number.MAX_SAFE_INTEGER),
  };
}

/** Those who were found, and what asks for nobody, or would have made somebody, by their names or the text itself. */
function subjectsOf(text: string, found: readonly NamedResource[], settings: readonly SettingName[]): Subject[] {
  const subjects = new Map<string, Subject>();
  const add = (setting: Subject["setting"], by: Subject["by"]) =>
    subjects.set(JSON.stringify([setting.key, by]), { setting, by });
  for (const { id, name, settingKey, settingId, settingName } of found) {
    const setting = { key: settingKey, id: settingId, name: settingName };
    add(setting, { resourceId: id });
    add(setting, { name: foldKey(name) });
  }
  for (const setting of settings) add(setting, { name: foldKey(text) });
  return [...subjects.values()];
}
