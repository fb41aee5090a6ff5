import { isThere, type PresentUser } from "../belief.ts";
import { idOf, type JsonObject, listOf, objectOf } from "../document.ts";
import { request } from "../session.ts";
import { type Entra, findByFilter, patch } from "./entra-requests.ts";

/** A custom extension, which Entra never lists in `schemas`. */
const CUSTOM = "urn:ietf:params:scim:schemas:extension:simulated:2.0:User";

/** What customers' attribute tables make Entra send besides: roles, other phones and addresses, a custom extension. */
export async function finishEntra(entra: Entra): Promise<void> {
  const { session } = entra;
  const user = session.belief.users
    .filter(isThere)
    .find(({ state, person }) => state === "active" && person.attributes.phone !== null);
  if (user === undefined) return;
  await sendRoles(entra, user);
  await sendElements(entra, user);
  await matchOtherwise(entra, user);
}

/** An app role assignment arrives as JSON inside a string; the validator then edits the primary role. */
async function sendRoles(entra: Entra, user: PresentUser): Promise<void> {
  const role = JSON.stringify({ id: user.id, value: "25", displayName: "Trainer" });
  await patch(entra, "Users", user.id, [{ op: "Add", path: "roles", value: [{ value: role }] }]);
  const held = listOf((await readUser(entra, user)).roles).some(({ value }) => value === role);
  if (!held) entra.session.report(`user ${user.id}: the role that was sent as a JSON string is not there`);
  await patch(entra, "Users", user.id, [
    { op: "replace", path: 'roles[primary eq "True"].value', value: "primary role" },
    { op: "replace", path: 'roles[primary eq "True"].display', value: "Primary role" },
  ]);
  const primary = listOf((await readUser(entra, user)).roles).filter((one) => one.primary === true);
  if (primary.length !== 1 || primary[0]?.value !== "primary role")
    entra.session.report(`user ${user.id}: roles[primary eq "True"] did not become one primary role`);
}

/** Elements that are not there are made, and several operations land on the same one. */
async function sendElements(entra: Entra, user: PresentUser): Promise<void> {
  const op = entra.dialect === "optscim" ? "add" : "Add";
  await patch(entra, "Users", user.id, [
    { op, path: 'phoneNumbers[type eq "mobile"].value', value: "33-749-9990" },
    { op, path: 'phoneNumbers[type eq "mobile"].display', value: "Mobile" },
    { op, path: 'addresses[type eq "other"].formatted', value: "18/2111" },
    { op, path: 'addresses[type eq "other"].postalCode', value: "wp2 3oc" },
    { op, path: `${CUSTOM}:site`, value: "Head office" },
  ]);
  const read = await readUser(entra, user);
  const mobiles = listOf(read.phoneNumbers).filter(({ type }) => type === "mobile");
  const others = listOf(read.addresses).filter(({ type }) => type === "other");
  const right =
    mobiles.length === 1 &&
    mobiles[0]?.value === "33-749-9990" &&
    others.length === 1 &&
    others[0]?.formatted === "18/2111" &&
    others[0].postalCode === "wp2 3oc";
  if (!right) entra.session.report(`user ${user.id}: added phone or address elements are not as sent`);
  if (objectOf(read[CUSTOM]).site !== "Head office")
    entra.session.report(`user ${user.id}: the custom extension attribute is not as sent`);
}

/** The other attributes that Entra can match by. */
async function matchOtherwise(entra: Entra, user: PresentUser): Promise<void> {
  const { externalId, email } = user.person.attributes;
  for (const filter of [
    `externalId eq "${externalId}"`,
    `externalId eq ${externalId}`,
    `emails[type eq "work"].value eq "${email}"`,
  ]) {
    const found = await findByFilter(entra, "Users", filter);
    if (idOf(found) !== user.id) entra.session.report(`the filter ${filter} does not find ${user.id}`);
  }
}

async function readUser({ session, query }: Entra, user: PresentUser): Promise<JsonObject> {
  const target = `/Users/${user.id}${query}`;
  const reply = await request(session, { method: "GET", target, kind: "GET /Users/{id}" }, [200]);
  return objectOf(reply?.body);
}
