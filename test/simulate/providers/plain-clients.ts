import type { Attribute, Person } from "../company.ts";
import { ENTERPRISE, type JsonObject, USER } from "../document.ts";
import type { PlainClient } from "./plain.ts";

const NAMES = ["userName", "displayName", "givenName", "familyName", "email"] as const;
const WORK: readonly Attribute[] = [...NAMES, "title", "department"];

/** The clients that are no more than their traits say. */
type PlainName = "keycloak" | "authentik" | "syncope" | "pingone" | "oracle";

/**
 * Keycloak, authentik and Syncope as their requests were seen and their sources read. Of PingOne and Oracle no request was
 * seen: their shapes are inferred from the vendors' documents.
 */
export const PLAIN_CLIENTS: Record<PlainName, PlainClient> = {
  // Whole groups by PUT; an empty one without members, which only the dialect of Keycloak takes as it is meant.
  keycloak: {
    sends: ["userName", "externalId", "displayName", "email"],
    profileOf: ({ attributes }) => ({
      schemas: [USER],
      externalId: attributes.externalId,
      userName: attributes.userName,
      displayName: attributes.displayName,
      emails: [{ value: attributes.email, primary: true }],
      roles: [],
    }),
    setsActiveBy: "PUT",
    changesMembersBy: "PUT",
    elementOf: ({ id }) => ({ value: id, $ref: `Users/${id}` }),
    stopsAtPagination: true,
  },
  authentik: {
    sends: [...NAMES, "externalId", "language"],
    profileOf: ({ attributes }) => ({
      schemas: [USER],
      externalId: attributes.externalId,
      userName: attributes.userName,
      name: nameOf(attributes),
      displayName: attributes.displayName,
      preferredLanguage: attributes.language,
      photos: [],
      emails: [{ value: attributes.email, type: "other", primary: true }],
    }),
    setsActiveBy: "PUT",
    changesMembersBy: "operations",
    elementOf: ({ id }) => ({ value: id }),
    stopsAtPagination: false,
  },
  syncope: {
    sends: [...WORK, "externalId", "employeeNumber"],
    profileOf: (person) => ({ ...workProfileOf(person), externalId: person.attributes.externalId }),
    setsActiveBy: "PUT",
    changesMembersBy: "list",
    elementOf: ({ id }) => ({ value: id }),
    stopsAtPagination: false,
  },
  // Inferred.
  pingone: {
    sends: [...WORK, "externalId", "employeeNumber"],
    profileOf: (person) => ({ ...workProfileOf(person), externalId: person.attributes.externalId }),
    setsActiveBy: "PUT",
    changesMembersBy: "list",
    elementOf: ({ id, userName }) => ({ value: id, display: userName }),
    stopsAtPagination: true,
  },
  // Inferred.
  oracle: {
    sends: [...WORK, "employeeNumber"],
    profileOf: workProfileOf,
    setsActiveBy: "PATCH",
    changesMembersBy: "operations",
    elementOf: ({ id }) => ({ value: id, type: "User" }),
    stopsAtPagination: false,
  },
};

function nameOf({ givenName, familyName }: Person["attributes"]): JsonObject {
  return { formatted: `${givenName} ${familyName}`, givenName, familyName };
}

function workProfileOf({ attributes }: Person): JsonObject {
  const { department, employeeNumber } = attributes;
  return {
    schemas: [USER, ENTERPRISE],
    userName: attributes.userName,
    name: nameOf(attributes),
    displayName: attributes.displayName,
    title: attributes.title,
    emails: [{ value: attributes.email, type: "work", primary: true }],
    [ENTERPRISE]: { employeeNumber, ...(department === null ? {} : { department }) },
  };
}
