import { type Belief, type BelievedUser, foldName, isThere } from "./belief.ts";
import type { Attribute } from "./company.ts";
import type { GroupSettings } from "./management.ts";

/** Where a field of a target user comes from unless its setting maps it otherwise. */
const DEFAULT_PATHS: Record<string, string> = {
  email: "emails",
  firstName: "name.givenName",
  lastName: "name.familyName",
  department: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
  phoneNumber: "phoneNumbers",
};

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:";

/** The attribute that a path means, for the paths a synthetic person has something at. */
const ATTRIBUTES: Record<string, Attribute> = {
  emails: "email",
  "emails.value": "email",
  'emails[type eq "work"].value': "email",
  phonenumbers: "phone",
  "phonenumbers.value": "phone",
  'phonenumbers[type eq "work"].value': "phone",
  "name.givenname": "givenName",
  "name.familyname": "familyName",
  displayname: "displayName",
  username: "userName",
  externalid: "externalId",
  title: "title",
  preferredlanguage: "language",
  'addresses[type eq "work"].locality': "locality",
  'addresses[type eq "work"].country': "country",
  [`${ENTERPRISE}department`]: "department",
  [`${ENTERPRISE}costcenter`]: "costCenter",
  [`${ENTERPRISE}employeenumber`]: "employeeNumber",
};

/** The attribute behind each field of a setting; null for a path that the simulator cannot follow. */
export function attributesOfFields(
  mappings: readonly { field: string; path: string }[],
): Map<string, Attribute | null> {
  const paths = new Map(Object.entries(DEFAULT_PATHS));
  for (const { field, path } of mappings) paths.set(field, path);
  const core = "urn:ietf:params:scim:schemas:core:2.0:user:";
  return new Map([...paths].map(([field, path]) => [field, ATTRIBUTES[path.toLowerCase().replace(core, "")] ?? null]));
}

/** One membership that the rules give: folded group name, user id and kind of reason. */
export interface ExpectedMembership {
  group: string;
  userId: string;
  kind: "everyone" | "ungrouped" | "field" | "idp";
}

/**
 * The memberships the rules give, computed from the IdP's belief alone: none while inactive; what the criteria give; then
 * the setting's own group (`ownGroup`) for everyone, or for those to whom the criteria give none.
 */
export function expectMemberships(
  belief: Belief,
  settings: GroupSettings,
  ownGroup: string | null,
  groupBy: Attribute | null,
): ExpectedMembership[] {
  return belief.users.filter(isThere).flatMap((user) => {
    if (user.state !== "active") return [];
    const given: ExpectedMembership[] = criteriaGroups(belief, user, settings, groupBy).map((name) => {
      return { group: foldName(name), userId: user.id, kind: settings.criteria === "idp" ? "idp" : "field" };
    });
    const kind = settings.targetGroupScope ?? "everyone";
    if (ownGroup !== null && (kind === "everyone" || given.length === 0))
      given.push({ group: foldName(ownGroup), userId: user.id, kind });
    return given;
  });
}

function criteriaGroups(
  belief: Belief,
  user: BelievedUser,
  { criteria }: GroupSettings,
  groupBy: Attribute | null,
): string[] {
  if (criteria === "none") return [];
  if (criteria === "field") {
    const value = groupBy === null ? null : user.person.attributes[groupBy];
    return value === null || value.trim() === "" ? [] : [value];
  }
  return belief.groups.filter(({ state, members }) => state === "present" && members.has(user)).map(({ name }) => name);
}
