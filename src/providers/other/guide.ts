import type { Guide } from "../guide.ts";
import { SCIM_PATHS } from "../scim-paths.ts";

/** Any other SCIM 2.0 client: what every one of them asks for, whatever it calls it. */
export const otherGuide: Guide = {
  provider: "other",
  name: "Other (SCIM 2.0)",
  signIn: ["token", "client"],
  needs: ["An identity provider that provisions by SCIM 2.0 with a bearer token or OAuth 2.0 client credentials."],
  steps: [
    {
      title: "Connect it to Rollcall",
      signIn: "client",
      where: "The provisioning or SCIM page of your identity provider's application",
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
      where: "The provisioning or SCIM page of your identity provider's application",
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
        "Enable creating, updating and deactivating users; groups as well with grouping “synchronise groups”.",
        "Map at least `userName`, `name.givenName`, `name.familyName`, `active` and one of `emails`.",
        "If you group by department, map `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`.",
      ],
    },
    {
      title: "Bring people in",
      actions: ["Assign the people and groups who are to be trained, and start provisioning."],
    },
  ],
  test: [
    "Assign one person: they appear under People here.",
    "Deactivate them: they become inactive here and their enrolments are withdrawn.",
  ],
  mistakes: [
    {
      looks: "No request at all, and the provider says unauthorized.",
      means: "The token was cut while copying, is revoked, or was sent in another header than `Authorization`.",
      fix: "Copy the token again and send it as `Authorization: Bearer …`.",
    },
    {
      looks: "`POST /Users` answered with 409 `uniqueness`.",
      means: "Somebody with this user name is in this setting already.",
      fix: "Let the provider match by `userName` before it creates.",
    },
    {
      looks: "`PATCH /Groups/…` answered with 400: a member is not known.",
      means: "The group names people who were not sent before it.",
      fix: "Provision the people first, or bring them into scope.",
    },
  ],
  paths: Object.values(SCIM_PATHS),
  limits: ["Groups inside groups are kept and shown, but their people are not expanded into target groups."],
  sources: ["https://www.rfc-editor.org/rfc/rfc7644", "https://www.rfc-editor.org/rfc/rfc7643"],
};
