import { membersOf } from "../belief.ts";
import type { Attribute } from "../company.ts";
import { listOf, objectOf } from "../document.ts";
import type { Connector, HeadersFor } from "../provider.ts";
import { request, requestEmptyProbe, requestProbe, type Session } from "../session.ts";
import type { Call } from "../wire.ts";
import { createOktaGroups } from "./okta-groups.ts";
import { createOktaUsers } from "./okta-users.ts";

/** `patch` is the client of OIN apps; `put` that of custom apps, which sends no PATCH at all. */
export type OktaClient = "patch" | "put";

const SENDS: readonly Attribute[] = [
  "userName",
  "externalId",
  "displayName",
  "givenName",
  "familyName",
  "title",
  "email",
  "phone",
  "locality",
  "country",
  "language",
  "department",
  "costCenter",
  "employeeNumber",
];

/** The header dump of a real Okta request; the content type rides on reads as well. */
export const oktaHeaders: HeadersFor = (_call, token) => ({
  Accept: "application/scim+json",
  "Accept-Charset": "utf-8",
  "Content-Type": "application/scim+json; charset=utf-8",
  "User-Agent": "Okta SCIM Client 1.0.0",
  Authorization: `Bearer ${token}`,
  "Accept-Encoding": "gzip,deflate",
});

/** Okta, in one of its two clients; neither ever deletes a user. */
export function createOkta(session: Session, client: OktaClient): Connector {
  const groups = createOktaGroups(session, client);
  return {
    sends: SENDS,
    pageSize: 100,
    deletesUsers: false,
    renamesGroups: true,
    deletesGroups: true,
    createsEmptyGroups: true,
    ...createOktaUsers(session, client),
    ...groups,
    testConnection: () => testConnection(session),
    finish: () => pushEmpty(session, client),
  };
}

/** The set-up probes, then what Okta's published spec test asks. */
async function testConnection(session: Session): Promise<void> {
  const probe = (target: string, kind: string) => requestProbe(session, { method: "GET", target, kind }, [200]);
  const first = objectOf((await probe("/Users?startIndex=1&count=2", "GET /Users")).body);
  for (const member of ["totalResults", "startIndex", "itemsPerPage"])
    if (!Number.isInteger(first[member])) session.report(`connection test: ${member} is not an integer`);
  if (listOf(first.Resources).length > 2) session.report("connection test: count=2 gives more than 2 users");
  await probe("/Groups?count=100&startIndex=1", "GET /Groups");
  const nobody = encodeURIComponent(`userName eq "nobody-${session.nonce}@${session.belief.domain}"`);
  const target = `/Users?filter=${nobody}&startIndex=1&count=100`;
  await requestEmptyProbe(session, { method: "GET", target, kind: "GET /Users?filter" });
  const absent: Call = { method: "GET", target: `/Users/${crypto.randomUUID()}`, kind: "GET /Users/{id}" };
  const refused = { ...absent, target: "/Users", headers: { Authorization: "Bearer not-a-token" } };
  for (const { call, status } of [
    { call: absent, status: 404 },
    { call: refused, status: 401 },
  ]) {
    const { detail, status: text } = objectOf((await requestProbe(session, call, [status])).body);
    if (typeof detail !== "string" || detail === "" || Number(text) !== status)
      session.report(`connection test: the ${status} answer has no detail, or another status`);
  }
}

/** "Push now" of a group that has become empty, in the form without `schemas`. */
async function pushEmpty(session: Session, client: OktaClient): Promise<void> {
  const present = session.belief.groups.filter(({ state }) => state === "present");
  const group = present.toSorted((a, b) => membersOf(a).length - membersOf(b).length)[0];
  if (group === undefined) return;
  group.members.clear();
  const value = { members: [], id: group.id, displayName: group.name };
  const body = client === "put" ? value : { Operations: [{ op: "replace", value }] };
  const method = client === "put" ? "PUT" : "PATCH";
  const call: Call = { method, target: `/Groups/${group.id}`, kind: `${method} /Groups/{id}`, body };
  await request(session, call, [200, 204]);
}
