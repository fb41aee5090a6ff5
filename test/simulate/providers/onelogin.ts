import type { Attribute } from "../company.ts";
import type { Connector, HeadersFor } from "../provider.ts";
import { requestEmptyProbe, requestProbe, type Session } from "../session.ts";
import { createOneloginGroups } from "./onelogin-groups.ts";
import { createOneloginUsers, plusEncode } from "./onelogin-users.ts";

const SENDS: readonly Attribute[] = [
  "userName",
  "givenName",
  "familyName",
  "title",
  "email",
  "phone",
  "locality",
  "department",
  "costCenter",
];

/** An empty User-Agent on everything, and no Accept on a PATCH, as in a real trace. */
export const oneloginHeaders: HeadersFor = (call, token) => ({
  Authorization: `Bearer ${token}`,
  "User-Agent": "",
  ...(call.method === "PATCH" ? {} : { Accept: "*/*" }),
  ...(call.body === undefined ? {} : { "Content-Type": "application/scim+json" }),
});

/** OneLogin: users by PUT of the admin's JSON template, groups found by listing all; no rename and no delete of groups. */
export function createOnelogin(session: Session): Connector {
  return {
    sends: SENDS,
    pageSize: null,
    deletesUsers: true,
    renamesGroups: false,
    deletesGroups: false,
    createsEmptyGroups: true,
    ...createOneloginUsers(session),
    ...createOneloginGroups(session),
    testConnection: async () => {
      const target = `/Users?filter=${plusEncode(`userName eq "no-such-user-${session.nonce}"`)}&`;
      await requestEmptyProbe(session, { method: "GET", target, kind: "GET /Users?filter" });
      await requestProbe(session, { method: "GET", target: "/Groups", kind: "GET /Groups" }, [200]);
    },
    finish: async () => {},
  };
}
