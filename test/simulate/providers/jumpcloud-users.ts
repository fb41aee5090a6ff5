import type { PresentUser } from "../belief.ts";
import { type Attribute, type Person, textOf } from "../company.ts";
import { ENTERPRISE, type JsonObject, PATCH_OP, USER } from "../document.ts";
import type { Changed, UserConnector } from "../provider.ts";
import { createOrAdopt, request, requestDelete, requestMatch, type Session } from "../session.ts";
import type { Call } from "../wire.ts";

const PATCH_PATHS: Partial<Record<Attribute, string>> = {
  displayName: "displayName",
  givenName: "name.givenName",
  familyName: "name.familyName",
  title: "title",
  department: `${ENTERPRISE}:department`,
  costCenter: `${ENTERPRISE}:costCenter`,
};

/** JumpCloud's users: PUT full or minimal, PATCH from the older connectors, DELETE. */
export function createJumpcloudUsers(session: Session): UserConnector {
  const { random } = session;
  return {
    managerOf: () => undefined,
    findUser: (userName) => findJumpcloudUser(session, userName),
    createUser: async (user, active) => {
      const body = fullBody(user.person, active, null);
      const call: Call = { method: "POST", target: "/Users", kind: "POST /Users", body };
      user.id = await createOrAdopt(session, call, () => findJumpcloudUser(session, textOf(user.person, "userName")));
    },
    adoptUser: (user) => putUser(session, user, fullBody(user.person, true, user.id)),
    linkUser: async () => {},
    updateUser: async (user, changed) => {
      const operations = patchOperations(user.person, changed);
      if (operations.length > 0 && random.chance(0.5)) await patchUser(session, user, operations);
      else if (random.chance(0.2)) await putUser(session, user, minimalBody(user));
      // A full synchronisation follows, and says everything again.
      await putUser(session, user, fullBody(user.person, user.state === "active", user.id));
    },
    setActive: async (user, active) => {
      if (random.chance(0.5)) await putUser(session, user, fullBody(user.person, active, user.id));
      else await patchUser(session, user, [{ op: "replace", path: "active", value: active }]);
    },
    deleteUser: (user) =>
      requestDelete(session, { method: "DELETE", target: `/Users/${user.id}`, kind: "DELETE /Users/{id}" }),
  };
}

/** JumpCloud's matching look-up of a user. */
export function findJumpcloudUser(session: Session, userName: string): Promise<JsonObject | null> {
  const filter = encodeURIComponent(`userName eq ${JSON.stringify(userName)}`);
  return requestMatch(session, { method: "GET", target: `/Users?filter=${filter}`, kind: "GET /Users?filter" });
}

async function putUser(session: Session, user: PresentUser, body: JsonObject): Promise<void> {
  await request(session, { method: "PUT", target: `/Users/${user.id}`, kind: "PUT /Users/{id}", body }, [200]);
}

async function patchUser(session: Session, user: PresentUser, operations: readonly object[]): Promise<void> {
  const body = { schemas: [PATCH_OP], Operations: operations };
  const call: Call = { method: "PATCH", target: `/Users/${user.id}`, kind: "PATCH /Users/{id}", body };
  await request(session, call, [200, 204]);
}

/** The older connectors: one lower-case operation for each attribute, each with a path. */
function patchOperations({ attributes }: Person, changed: readonly Changed[]): object[] {
  return changed.flatMap((name) => {
    const path = name === "manager" ? undefined : PATCH_PATHS[name];
    if (name === "manager" || path === undefined || attributes[name] === null) return [];
    return [{ op: "replace", path, value: attributes[name] }];
  });
}

function fullBody({ attributes }: Person, active: boolean, id: string | null): JsonObject {
  const phone = { primary: true, type: "work", value: attributes.phone };
  const extension = {
    ...(attributes.department === null ? {} : { department: attributes.department }),
    costCenter: attributes.costCenter,
    employeeNumber: attributes.employeeNumber,
  };
  return {
    active,
    addresses: [{ country: attributes.country, locality: attributes.locality, primary: true, type: "work" }],
    displayName: attributes.displayName,
    emails: [{ primary: true, type: "work", value: attributes.email }],
    externalId: attributes.externalId,
    ...(id === null ? {} : { id }),
    locale: "en-US",
    name: { familyName: attributes.familyName, givenName: attributes.givenName },
    phoneNumbers: attributes.phone === null ? [] : [phone],
    preferredLanguage: attributes.language,
    schemas: [ENTERPRISE, USER],
    title: attributes.title,
    [ENTERPRISE]: extension,
    userName: attributes.userName,
  };
}

function minimalBody({ person: { attributes }, id, state }: PresentUser): JsonObject {
  return {
    active: state === "active",
    emails: null,
    id,
    name: { familyName: attributes.familyName, givenName: attributes.givenName },
    schemas: [USER],
    userName: attributes.userName,
  };
}
