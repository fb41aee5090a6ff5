import type { PresentUser } from "../belief.ts";
import { type Person, textOf } from "../company.ts";
import { ENTERPRISE, idOf, type JsonObject, objectOf, PATCH_OP, USER } from "../document.ts";
import type { UserConnector } from "../provider.ts";
import { createOrAdopt, request, requestMatch, type Session } from "../session.ts";
import type { Call } from "../wire.ts";
import type { OktaClient } from "./okta.ts";

/** Okta's users: matched by userName, changed by PUT of what it just read; only the `patch` client PATCHes `active`. */
export function createOktaUsers(session: Session, client: OktaClient): UserConnector {
  const findUser = (userName: string) => {
    const filter = encodeURIComponent(`userName eq ${JSON.stringify(userName)}`);
    const target = `/Users?filter=${filter}&startIndex=1&count=100`;
    return requestMatch(session, { method: "GET", target, kind: "GET /Users?filter" });
  };
  const setActive = (user: PresentUser, active: boolean) =>
    client === "put" ? putUser(session, user, active) : patchActive(session, user, active);
  return {
    managerOf: (person) => managerOf(session, person),
    findUser,
    createUser: async (user, active) => {
      const profile = profileOf(user.person, managerOf(session, user.person));
      const body = { ...profile, groups: [], password: `Pw-${session.nonce}`, active };
      const call: Call = { method: "POST", target: "/Users", kind: "POST /Users", body };
      user.id = await createOrAdopt(session, call, () => findUser(textOf(user.person, "userName")));
    },
    adoptUser: async (user, found) => {
      if (found.active !== true) await setActive(user, true);
      await putUser(session, user, true);
    },
    // Okta's own suite asks with the userName in capitals: the look-up ignores case.
    linkUser: async (user) => {
      const name = textOf(user.person, "userName");
      if (user.person.index % 10 === 0 && idOf(await findUser(name.toUpperCase())) !== user.id)
        session.report(`the filter userName eq "${name.toUpperCase()}" does not find ${name}`);
    },
    updateUser: (user) => putUser(session, user, user.state === "active"),
    setActive,
    deleteUser: async () => {},
  };
}

/** Okta knows a manager by its own id. */
function managerOf({ belief }: Session, { managerIndex }: Person): string | null {
  return managerIndex === null ? null : (belief.users[managerIndex]?.person.attributes.externalId ?? null);
}

async function putUser(session: Session, user: PresentUser, active: boolean): Promise<void> {
  const target = `/Users/${user.id}`;
  const found = await request(session, { method: "GET", target, kind: "GET /Users/{id}" }, [200]);
  if (found === null) return;
  const body = { ...objectOf(found.body), ...profileOf(user.person, managerOf(session, user.person)), active };
  const reply = await request(session, { method: "PUT", target, kind: "PUT /Users/{id}", body }, [200]);
  if (reply !== null && objectOf(reply.body).active !== active)
    session.report(`PUT ${target}: active does not read back as ${active}`);
}

async function patchActive(session: Session, user: PresentUser, active: boolean): Promise<void> {
  const body = { schemas: [PATCH_OP], Operations: [{ op: "replace", value: { active } }] };
  const call: Call = { method: "PATCH", target: `/Users/${user.id}`, kind: "PATCH /Users/{id}", body };
  await request(session, call, [200, 204]);
}

function profileOf({ attributes }: Person, manager: string | null): JsonObject {
  const work = { primary: true, type: "work" };
  return {
    schemas: [USER, ENTERPRISE],
    userName: attributes.userName,
    externalId: attributes.externalId,
    name: { givenName: attributes.givenName, familyName: attributes.familyName },
    emails: [{ ...work, value: attributes.email, display: attributes.email }],
    phoneNumbers: attributes.phone === null ? [] : [{ ...work, value: attributes.phone }],
    addresses: [{ ...work, locality: attributes.locality, country: attributes.country }],
    displayName: attributes.displayName,
    title: attributes.title,
    locale: "en-US",
    preferredLanguage: attributes.language,
    [ENTERPRISE]: {
      employeeNumber: attributes.employeeNumber,
      costCenter: attributes.costCenter,
      ...(attributes.department === null ? {} : { department: attributes.department }),
      ...(manager === null ? {} : { manager: { value: manager, displayName: "" } }),
    },
  };
}
