import { groupedByField, ONE_GROUP_FOR_ALL } from "../grouped-by-field.ts";
import type { Guide } from "../guide.ts";
import { SCIM_PATHS } from "../scim-paths.ts";

/** Any other SCIM 2.0 client: what every one of them asks for, whatever it calls it. */
export const otherGuide: Guide = {
  provider: "other",
  name: "Other (SCIM 2.0)",
  signIn: ["token", "client"],
  groupings: {
    idp: "Your provider has to send groups (`/Groups`), with their members.",
    field: "Your provider has to send the field: look whether its attribute mapping has it.",
  },
  prerequisites: [
    "An identity provider that provisions by SCIM 2.0 with a bearer token or OAuth 2.0 client credentials.",
  ],
  steps: [
    {
      title: "Connect it to Rollcall",
      signIn: "client",
      where: "The provisioning or SCIM page of your identity provider’s application",
      actions: [
        "Choose **SCIM 2.0** with **OAuth 2.0 client credentials**.",
        "Fill in the four values below, leave the scopes empty, and run its connection test.",
      ],
      values: [
        { label: "Base URL (tenant URL, endpoint)", value: "{tenantUrl}" },
        { label: "Token endpoint (token URL)", value: "{tokenEndpoint}" },
        { label: "Client id", value: "{clientId}" },
        { label: "Client secret", value: "{clientSecret}" },
      ],
    },
    {
      title: "Connect it to Rollcall",
      signIn: "token",
      where: "The provisioning or SCIM page of your identity provider’s application",
      actions: [
        "Choose **SCIM 2.0** with a **bearer token** (also called API token, OAuth token or HTTP header).",
        "Fill in the two values below and run its connection test.",
      ],
      values: [
        { label: "Base URL (tenant URL, endpoint)", value: "{tenantUrl}" },
        { label: "Bearer token", value: "{token}" },
      ],
    },
    {
      title: "Choose what is sent",
      actions: [
        {
          grouping: ["none", "field"],
          text: "Enable creating, updating and deactivating users. Groups are not used here.",
        },
        {
          grouping: "idp",
          text: "Enable creating, updating and deactivating users, and groups with their members: each becomes a target group of its name.",
        },
        "Map at least `userName`, `name.givenName`, `name.familyName`, `active` and one of `emails`.",
        groupedByField("map the attribute that holds it to this path."),
        ONE_GROUP_FOR_ALL,
      ],
    },
    {
      title: "Bring people in",
      actions: [
        { grouping: ["none", "field"], text: "Assign the people who are to be trained, and start provisioning." },
        { grouping: "idp", text: "Assign the people who are to be trained, and their groups, and start provisioning." },
      ],
    },
  ],
  sendOne: [
    "Assign one person and start provisioning, or use what your provider has for trying it with one person.",
    { grouping: "idp", text: "Then assign, or push, one group that the person is in." },
  ],
  nothingCame: [
    "Does your provider say that provisioning runs, and is the person in its scope?",
    "Does it reach the tenant URL? Its own log says what it tried and what it was answered.",
    "Does it send the credential in the `Authorization` header?",
  ],
  test: [
    { grouping: "field", text: "Change the person’s “{groupField}”: they move to the other target group." },
    { grouping: "idp", text: "Take the person out of the group: they leave its target group." },
    "Deactivate the person: they become inactive here and their enrolments are withdrawn.",
  ],
  mistakes: [
    {
      looks: "No request at all, and the provider says unauthorized.",
      means:
        "The token was cut before its id, or was sent in another header than `Authorization`: nothing says then which log it belongs to. One that is revoked, mistyped or cut later on is in the log.",
      fix: "Copy the token again and send it as `Authorization: Bearer …`.",
    },
    {
      codes: ["user_name_taken"],
      looks: "`POST /Users` answered with 409 `uniqueness`.",
      means: "Somebody with this user name is in this setting already.",
      fix: "Let the provider match by `userName` before it creates.",
    },
    {
      codes: ["missing_attribute"],
      looks: "`POST /Users` answered with 400: userName is required.",
      means: "The attribute that `userName` is mapped from is empty for this person.",
      fix: "Fill it, or map another one.",
    },
    {
      grouping: "idp",
      codes: ["no_such_member"],
      looks: "`PATCH /Groups/…` answered with 400: a member is not known.",
      means: "The group names people who were not sent before it.",
      fix: "Provision the people first, or bring them into scope.",
    },
  ],
  paths: Object.values(SCIM_PATHS),
  limits: [
    "Whoever is deleted at the provider is removed here; whoever is deactivated stays, inactive.",
    {
      grouping: "idp",
      text: "Groups inside groups are kept and shown, but their people are not expanded into target groups.",
    },
  ],
  sources: [
    { title: "RFC 7644: SCIM, the protocol", url: "https://www.rfc-editor.org/rfc/rfc7644" },
    { title: "RFC 7643: SCIM, the core schema", url: "https://www.rfc-editor.org/rfc/rfc7643" },
  ],
};
