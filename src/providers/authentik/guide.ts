import type { Guide } from "../guide.ts";
import { SCIM_PATHS } from "../scim-paths.ts";

/** authentik: a SCIM provider, set as backchannel provider of an application. */
export const authentikGuide: Guide = {
  provider: "authentik",
  name: "authentik",
  signIn: ["token"],
  needs: ["An authentik administrator.", "authentik's worker must reach the tenant URL."],
  steps: [
    {
      title: "Connect it to Rollcall",
      where: "authentik Admin interface › Applications › Providers › Create › SCIM Provider",
      actions: [
        "Fill in the values below and leave the compatibility mode at **Default**.",
        "Keep the default user and group property mappings, then choose **Finish**.",
      ],
      values: [
        { label: "Name", value: "Security awareness" },
        { label: "URL", value: "{tenantUrl}" },
        { label: "Token", value: "{token}" },
        { label: "Compatibility Mode", value: "Default" },
      ],
      note: "If you group by department, add a property mapping that gives `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User` with `department`: the default mappings send none.",
    },
    {
      title: "Give it to an application",
      where: "Applications › Applications",
      actions: [
        "Choose **Create**, or edit the application that your people have.",
        "Add the new provider under **Backchannel Providers**, not under Provider, and save.",
        "Bind the users and groups who are to be trained to the application: its policies say who is sent.",
      ],
    },
    {
      title: "Bring people in",
      where: "Applications › Providers › the SCIM provider",
      actions: ["Choose **Run sync again**. Later changes are sent as they happen, and everything once an hour."],
    },
  ],
  test: [
    "Add a person to a bound group: they appear under People here.",
    "Deactivate them in authentik: they become inactive here.",
  ],
  mistakes: [
    {
      looks: "No request at all.",
      means: "The provider belongs to no application, or authentik's worker does not reach the tenant URL.",
      fix: "Add it under **Backchannel Providers** of an application and look at the provider's sync status.",
    },
    {
      looks: "The field e-mail is empty where it is mapped to the work e-mail.",
      means: "The default mapping sends e-mails of type `other`.",
      fix: "Leave the field e-mail at its usual path, or change the type in the property mapping.",
    },
    {
      looks: "Everybody is in no target group, though people are grouped by department.",
      means: "The default mappings send no department.",
      fix: "Add a property mapping for it, or synchronise groups.",
    },
  ],
  paths: [
    SCIM_PATHS.userName,
    SCIM_PATHS.displayName,
    SCIM_PATHS.givenName,
    SCIM_PATHS.familyName,
    SCIM_PATHS.locale,
    SCIM_PATHS.department,
  ],
  limits: [
    "Users are sent whole, by PUT; group members by PATCH, one operation a person.",
    "Service accounts are sent unless the provider leaves them out.",
  ],
  sources: [
    "https://docs.goauthentik.io/add-secure-apps/providers/scim/",
    "https://docs.goauthentik.io/add-secure-apps/providers/scim/create-scim-provider/",
  ],
};
