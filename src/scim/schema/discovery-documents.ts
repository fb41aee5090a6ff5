import { MAX_BULK_OPERATIONS, MAX_BULK_PAYLOAD_BYTES } from "../bulk/bulk-request.ts";
import type { JsonObject } from "../json.ts";
import { DEFAULT_COUNT, MAX_COUNT } from "../list/list-query.ts";
import { CURSOR_LIFETIME_SECONDS } from "../list/page-cursor.ts";
import { commonAttributes, type ExtraExtension, resourceTypes } from "./resource-types.ts";
import type { Attribute, ResourceType, Schema } from "./schema.ts";

/**
 * What this service provider can do (RFC 7643 section 5, RFC 9865 section 4); `baseUrl` has no slash at its end. Pagination
 * is there all the same where it is not shown: clients that know no more than RFC 7643 stop at an attribute they do not know.
 */
export function serviceProviderConfig(baseUrl: string, tokenEndpoint: string, showPagination = true): JsonObject {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: MAX_BULK_OPERATIONS, maxPayloadSize: MAX_BULK_PAYLOAD_BYTES },
    filter: { supported: true, maxResults: MAX_COUNT },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    ...(showPagination ? { pagination: PAGINATION } : {}),
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "OAuth Bearer Token",
        description: "The secret token of the SCIM setting, sent as Authorization: Bearer <token>",
        specUri: "https://www.rfc-editor.org/info/rfc6750",
        primary: true,
      },
      {
        type: "oauth2",
        name: "OAuth 2.0 Client Credentials",
        description: `An access token from ${tokenEndpoint}, for a client's secret or a federated assertion (private_key_jwt)`,
        specUri: "https://www.rfc-editor.org/info/rfc6749",
      },
    ],
    meta: { resourceType: "ServiceProviderConfig", location: `${baseUrl}/ServiceProviderConfig` },
  };
}

const PAGINATION: JsonObject = {
  cursor: true,
  index: true,
  defaultPaginationMethod: "index",
  defaultPageSize: DEFAULT_COUNT,
  maxPageSize: MAX_COUNT,
  cursorTimeout: CURSOR_LIFETIME_SECONDS,
};

/** The documents of `/ResourceTypes` (RFC 7643 section 6). */
export function resourceTypeDocuments(baseUrl: string, extras?: ExtraExtension[]): JsonObject[] {
  const { User, Group } = resourceTypes(extras);
  return [User, Group].map((type) => resourceTypeDocument(baseUrl, type));
}

function resourceTypeDocument(baseUrl: string, type: ResourceType): JsonObject {
  const schemaExtensions = type.extensions.map(({ id }) => ({ schema: id, required: false }));
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
    id: type.name,
    name: type.name,
    endpoint: type.endpoint,
    description: type.description,
    schema: type.schema.id,
    ...(schemaExtensions.length === 0 ? {} : { schemaExtensions }),
    meta: { resourceType: "ResourceType", location: `${baseUrl}/ResourceTypes/${type.name}` },
  };
}

/** The documents of `/Schemas` (RFC 7643 section 7). */
export function schemaDocuments(baseUrl: string, extras?: ExtraExtension[]): JsonObject[] {
  const { User, Group } = resourceTypes(extras);
  return [
    ...[User.schema, Group.schema].map((schema) =>
      schemaDocument(baseUrl, schema, [...EXTERNAL_ID, ...schema.attributes]),
    ),
    ...User.extensions.map((schema) => schemaDocument(baseUrl, schema, schema.attributes)),
  ];
}

/** Of the attributes that every resource has, the one that clients write: some look for it among those they may map. */
const EXTERNAL_ID = commonAttributes.filter(({ mutability }) => mutability === "readWrite");

function schemaDocument(baseUrl: string, schema: Schema, attributes: readonly Attribute[]): JsonObject {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: attributes.map(attributeDocument),
    meta: { resourceType: "Schema", location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

function attributeDocument(attribute: Attribute): JsonObject {
  const subAttributes = attribute.subAttributes.filter((sub) => !sub.unpublished).map(attributeDocument);
  return {
    name: attribute.name,
    type: attribute.type,
    ...(subAttributes.length === 0 ? {} : { subAttributes }),
    multiValued: attribute.multiValued,
    description: attribute.description,
    required: attribute.required,
    ...(hasCase(attribute) ? { caseExact: attribute.caseExact } : {}),
    ...(attribute.canonicalValues === undefined ? {} : { canonicalValues: [...attribute.canonicalValues] }),
    mutability: attribute.mutability,
    returned: attribute.returned,
    ...(attribute.type === "boolean" || attribute.type === "complex" ? {} : { uniqueness: attribute.uniqueness }),
    ...(attribute.referenceTypes === undefined ? {} : { referenceTypes: [...attribute.referenceTypes] }),
  };
}

function hasCase({ type }: Attribute): boolean {
  return type === "string" || type === "reference" || type === "binary";
}
