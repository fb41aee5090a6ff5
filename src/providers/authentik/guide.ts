import { groupedByField, ONE_GROUP_FOR_ALL } from "../grouped-by-field.ts";
import type { Guide } from "../guide.ts";
import { SCIM_PATHS } from "../scim-paths.ts";

/** authentik: a SCIM provider, set as backchannel provider of an application. */
export const authentikGuide: Guide = {
  provider: "authentik",
  name: "authentik",
  signIn: ["token"],
  groupings: {
    idp: "authentik sends the groups of the people that the application is bound to.",
    field: "authentik’s own mappings send no department: a property mapping has to be added.",
  },
  prerequisites: ["An authentik administrator.", "authentik’s worker must reach the tenant URL."],
  steps: [
    {
      title: "Connect it to Rollcall",
      where: "authentik Admin interface › Applications › Providers › Create › SCIM Provider",
      actions: [
        "Fill in the values below and leave the compatibility mode at **Default**.",
        {
          grouping: "none",
          text: "Keep the default user property mapping; the group property mappings may be emptied.",
        },
        {
          grouping: "idp",
          text: "Keep the default user and group property mappings: each group becomes a target group of its name.",
        },
        groupedByField(
          "the default mappings do not send it. Under **Customization › Property Mappings** make a **SCIM Provider Mapping** that returns it, and choose it beside the default user mapping. The group property mappings may be emptied.",
        ),
        "Choose **Finish**.",
        ONE_GROUP_FOR_ALL,
      ],
      values: [
        { label: "Name", value: "Security awareness" },
        { label: "URL", value: "{tenantUrl}" },
        { label: "Token", value: "{token}" },
        { label: "Compatibility Mode", value: "Default" },
      ],
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
  sendOne: [
    "Open the SCIM provider › **Provisioned Users**, choose **Sync**, and one person; where your version has no such button, change something of the person.",
    { grouping: "idp", text: "Then send one group of theirs under **Provisioned Groups**." },
  ],
  nothingCame: [
    "Is the provider under **Backchannel Providers** of an application, and the person bound to it?",
    "Does the provider’s **Sync status** say that a sync ran? Its tasks say what it failed by.",
    "Does authentik’s worker reach the tenant URL?",
  ],
  test: [
    {
      grouping: "field",
      text: "Change the person’s “{groupField}” in authentik: they move to the other target group.",
    },
    { grouping: "idp", text: "Take the person out of the group: they leave its target group." },
    "Deactivate them in authentik: they become inactive here.",
  ],
  mistakes: [
    {
      looks: "No request at all.",
      means: "The provider belongs to no application, or authentik’s worker does not reach the tenant URL.",
      fix: "Add it under **Backchannel Providers** of an application and look at the provider’s sync status.",
    },
    {
      looks: "The field e-mail is empty where it is mapped to the work e-mail.",
      means: "The default mapping sends e-mails of type `other`.",
      fix: "Leave the field e-mail at its usual path, or change the type in the property mapping.",
    },
    {
      grouping: "field",
      looks: "People arrive and are in no target group.",
      means: "The field they are grouped by is empty: the default mappings do not send it.",
      fix: "Add a property mapping for it.",
    },
    {
      codes: ["user_name_taken", "group_name_taken"],
      looks: "`POST …` answered with 409 `uniqueness`.",
      means: "Somebody, or a group, of that name is in this setting already, and authentik has no link to them.",
      fix: "Choose **Run sync again**: authentik looks for the name and links it.",
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
    "Users are sent whole, by PUT.",
    { grouping: "idp", text: "Members of groups are sent by PATCH, one operation a person." },
    "Service accounts are sent unless the provider leaves them out.",
  ],
  sources: [
    { title: "authentik: SCIM provider", url: "https://docs.goauthentik.io/add-secure-apps/providers/scim/" },
    {
      title: "authentik: Create a SCIM provider",
      url: "https://docs.goauthentik.io/add-secure-apps/providers/scim/create-scim-provider/",
    },
  ],
};
