import type { PresentUser } from "../belief.ts";
import { type Person, textOf } from "../company.ts";
import { ENTERPRISE, type JsonObject, USER } from "../document.ts";
import type { UserConnector } from "../provider.ts";
import { createOrAdopt, request, requestDelete, requestMatch, type Session } from "../session.ts";
import type { Call } from "../wire.ts";

/** The schemas and the enterprise object's name in customers' templates: RFC 7643, a real trace's, and SCIM 1.1's. */
const TEMPLATES = [
  { schemas: [USER], enterprise: ENTERPRISE },
  {
    schemas: ["urn:scim:schemas:core:2.0", "urn:scim:schemas:extension:enterprise:2.0"],
    enterprise: "urn:scim:schemas:extension:enterprise:2.0",
  },
  { schemas: ["urn:scim:schemas:core:1.0"], enterprise: "urn:scim:schemas:extension:enterprise:1.0" },
] as const;

/** OneLogin's users: every change is a PUT of the whole template; item addresses end in `?`, queries in `&`. */
export function createOneloginUsers(session: Session): UserConnector {
  const findUser = (userName: string) => {
    const target = `/Users?filter=${plusEncode(`userName eq ${JSON.stringify(userName)}`)}&`;
    return requestMatch(session, { method: "GET", target, kind: "GET /Users?filter" });
  };
  return {
    managerOf: (person) => managerOf(session, person)?.attributes.externalId ?? null,
    findUser,
    createUser: async (user, active) => {
      const body = renderTemplate(session, user.person, active);
      const call: Call = { method: "POST", target: "/Users?", kind: "POST /Users", body };
      user.id = await createOrAdopt(session, call, () => findUser(textOf(user.person, "userName")));
    },
    adoptUser: (user) => putUser(session, user, renderTemplate(session, user.person, true)),
    linkUser: async () => {},
    updateUser: (user) => {
      const { active, ...body } = renderTemplate(session, user.person, user.state === "active");
      // Some templates have no `active`: a PUT without it must not deactivate.
      const silent = user.state === "active" && user.person.index % 7 === 3;
      return putUser(session, user, silent ? body : { ...body, active });
    },
    setActive: (user, active) => putUser(session, user, renderTemplate(session, user.person, active)),
    deleteUser: (user) =>
      requestDelete(session, { method: "DELETE", target: `/Users/${user.id}?`, kind: "DELETE /Users/{id}" }),
  };
}

/** A filter with `+` for each space. */
export function plusEncode(filter: string): string {
  return encodeURIComponent(filter).replaceAll("%20", "+");
}

async function putUser(session: Session, user: PresentUser, body: JsonObject): Promise<void> {
  await request(session, { method: "PUT", target: `/Users/${user.id}?`, kind: "PUT /Users/{id}", body }, [200]);
}

function managerOf({ belief }: Session, { managerIndex }: Person): Person | undefined {
  return managerIndex === null ? undefined : belief.users[managerIndex]?.person;
}

/** The template with its macros filled in; a macro without a value leaves a blank. Some customers' templates are older. */
function renderTemplate(session: Session, person: Person, active: boolean): JsonObject {
  const { index, attributes } = person;
  const manager = managerOf(session, person)?.attributes;
  const { schemas, enterprise } = TEMPLATES[index % 3] ?? TEMPLATES[0];
  const blank = index % 2 === 0 ? "" : " ";
  const email = { value: attributes.email, type: "work", primary: true };
  return {
    [enterprise]: {
      department: attributes.department ?? blank,
      costCenter: attributes.costCenter ?? blank,
      manager: { managerId: manager?.externalId ?? "", displayName: manager?.displayName ?? " " },
    },
    active: String(active),
    emails: index % 5 === 0 ? email : [email],
    phoneNumbers: [{ type: "work", value: attributes.phone ?? blank }],
    addresses: [{ type: "work", locality: attributes.locality ?? blank }],
    title: attributes.title ?? blank,
    meta: { resourceType: "User" },
    name: {
      familyName: attributes.familyName,
      givenName: attributes.givenName,
      formatted: attributes.displayName,
    },
    userName: attributes.userName,
    id: null,
    schemas,
  };
}
