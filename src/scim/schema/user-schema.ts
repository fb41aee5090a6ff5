import { type Attribute, defineAttribute, defineSchema } from "./schema.ts";

const PRIMARY = "Whether this is the preferred value; true at most once.";

interface PluralData {
  name: string;
  description: string;
  value?: Partial<Attribute>;
  types?: readonly string[];
  impliesPrimary?: boolean;
  shownEmpty?: boolean;
  identifying?: boolean;
  unpublishedDisplay?: boolean;
}

/** A multi-valued attribute with the usual value, display, type and primary (RFC 7643 section 2.4). */
function plural({
  name,
  description,
  value,
  types,
  impliesPrimary,
  shownEmpty,
  identifying,
  unpublishedDisplay,
}: PluralData): Attribute {
  return defineAttribute({
    name,
    description,
    type: "complex",
    multiValued: true,
    impliesPrimary: impliesPrimary ?? false,
    shownEmpty: shownEmpty ?? false,
    identifying: identifying ?? false,
    subAttributes: [
      defineAttribute({ name: "value", description: "The value itself.", ...value }),
      defineAttribute({
        name: "display",
        description: "A name for people to read.",
        unpublished: unpublishedDisplay ?? false,
      }),
      defineAttribute({
        name: "type",
        description: "What the value is for.",
        ...(types === undefined ? {} : { canonicalValues: types }),
      }),
      defineAttribute({ name: "primary", description: PRIMARY, type: "boolean" }),
    ],
  });
}

/** A single-valued string attribute that says only what it is. */
function text(name: string, description: string): Attribute {
  return defineAttribute({ name, description });
}

const name = defineAttribute({
  name: "name",
  description: "The parts of the person's name.",
  type: "complex",
  subAttributes: [
    text("formatted", "The full name, ready for display."),
    text("familyName", "The family name, or last name."),
    text("givenName", "The given name, or first name."),
    text("middleName", "The middle names."),
    text("honorificPrefix", "The title before the name, such as 'Dr.'."),
    text("honorificSuffix", "The suffix after the name, such as 'III'."),
  ],
});

const addresses = defineAttribute({
  name: "addresses",
  description: "Physical mailing addresses.",
  type: "complex",
  multiValued: true,
  subAttributes: [
    text("formatted", "The full address, ready for display or a label."),
    text("streetAddress", "Street, house number and what belongs on that line."),
    text("locality", "The city."),
    text("region", "The state or region."),
    text("postalCode", "The postal code."),
    text("country", "The country, as an ISO 3166-1 alpha-2 code where known."),
    defineAttribute({
      name: "type",
      description: "What the address is for.",
      canonicalValues: ["work", "home", "other"],
    }),
    defineAttribute({ name: "primary", description: PRIMARY, type: "boolean" }),
  ],
});

const groups = defineAttribute({
  name: "groups",
  description: "The groups the user belongs to; changed through the Group resource.",
  type: "complex",
  multiValued: true,
  mutability: "readOnly",
  subAttributes: [
    defineAttribute({
      name: "value",
      description: "The group's id.",
      caseExact: true,
      mutability: "readOnly",
    }),
    defineAttribute({
      name: "$ref",
      description: "The group's address.",
      type: "reference",
      caseExact: true,
      mutability: "readOnly",
      referenceTypes: ["User", "Group"],
    }),
    defineAttribute({ name: "display", description: "The group's name.", mutability: "readOnly" }),
    defineAttribute({
      name: "type",
      description: "Whether the membership is direct or through another group.",
      mutability: "readOnly",
      canonicalValues: ["direct", "indirect"],
    }),
  ],
});

const WORK_HOME_OTHER = ["work", "home", "other"];

/** The User schema, all of it (RFC 7643 sections 4.1 and 8.7.1). */
export const userSchema = defineSchema({
  id: "urn:ietf:params:scim:schemas:core:2.0:User",
  name: "User",
  description: "User Account",
  attributes: [
    defineAttribute({
      name: "userName",
      description: "The name that identifies the user to the service provider; unique within a SCIM setting.",
      required: true,
      uniqueness: "server",
    }),
    name,
    text("displayName", "The name shown for the user."),
    text("nickName", "The casual name of the user."),
    defineAttribute({
      name: "profileUrl",
      description: "A page about the user.",
      type: "reference",
      caseExact: true,
      referenceTypes: ["external"],
    }),
    text("title", "The user's title, such as 'Vice President'."),
    text("userType", "The user's relation to the organisation, such as 'Employee'."),
    text("preferredLanguage", "The language the user prefers, as in an Accept-Language header."),
    text("locale", "The user's locale, for currency, dates and numbers."),
    text("timezone", "The user's time zone, as in the IANA database."),
    defineAttribute({ name: "active", description: "Whether the account is in use.", type: "boolean", lasting: true }),
    defineAttribute({
      name: "password",
      description: "Accepted and thrown away: Rollcall keeps no passwords.",
      caseExact: true,
      mutability: "writeOnly",
      returned: "never",
    }),
    plural({
      name: "emails",
      description: "E-mail addresses.",
      types: WORK_HOME_OTHER,
      impliesPrimary: true,
      // authentik takes an answer without the empty list that it sent for a change, and writes the person anew at each sync.
      shownEmpty: true,
      identifying: true,
      unpublishedDisplay: true,
    }),
    plural({
      name: "phoneNumbers",
      description: "Phone numbers, kept exactly as sent.",
      types: ["work", "home", "mobile", "fax", "pager", "other"],
    }),
    plural({
      name: "ims",
      description: "Instant messaging addresses.",
      types: ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"],
    }),
    plural({
      name: "photos",
      description: "Addresses of photos.",
      value: { type: "reference", caseExact: true, referenceTypes: ["external"] },
      types: ["photo", "thumbnail"],
    }),
    addresses,
    groups,
    plural({ name: "entitlements", description: "Things the user is entitled to." }),
    plural({ name: "roles", description: "The user's roles." }),
    plural({
      name: "x509Certificates",
      description: "Certificates issued to the user, DER in base64.",
      value: { type: "binary", caseExact: true },
    }),
  ],
});
