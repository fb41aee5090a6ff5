import { groupedByField, ONE_GROUP_FOR_ALL } from "../grouped-by-field.ts";
import type { Guide } from "../guide.ts";
import { SCIM_PATHS } from "../scim-paths.ts";

/** Okta: the catalogue's SCIM 2.0 app with a bearer token. */
export const oktaGuide: Guide = {
  provider: "okta",
  name: "Okta",
  signIn: ["token"],
  groupings: {
    idp: "Okta sends only the groups you push, and of their members only those who are assigned to the app.",
    field: "Okta sends the department by itself. Another field has to be added in its profile editor.",
  },
  prerequisites: [
    "An Okta admin who may manage applications (**Application Administrator** or **Super Administrator**).",
    "Lifecycle Management in your Okta plan (it carries SCIM provisioning).",
  ],
  steps: [
    {
      title: "Add the app",
      where: "Okta Admin Console › Applications › Applications",
      actions: [
        "Choose **Browse App Catalog**, search for `SCIM 2.0 Test App (OAuth Bearer Token)` and choose **Add Integration**.",
        "Name it under **Application label**, for example `Security awareness`, and choose **Next**.",
        "Under **Sign-On Options** set **Application username format** to the name your people sign in with (usually **Email**), then **Done**.",
      ],
      note: "An app of your own (App Integration Wizard) with SCIM provisioning works too: Okta then updates people with PUT instead of PATCH, which makes no difference here.",
    },
    {
      title: "Connect it to Rollcall",
      where: "The app › Provisioning › Configure API Integration",
      actions: [
        "Tick **Enable API integration** and fill in the two values below.",
        "Choose **Test API Credentials**; it says that the app was verified successfully. Then **Save**.",
      ],
      values: [
        { label: "SCIM 2.0 Base Url", value: "{tenantUrl}" },
        { label: "OAuth Bearer Token", value: "{token}" },
      ],
    },
    {
      title: "Let Okta create, change and switch off people",
      where: "The app › Provisioning › To App › Edit",
      actions: [
        "Enable **Create Users**, **Update User Attributes** and **Deactivate Users**, then **Save**.",
        "Leave **Sync Password** off: Rollcall keeps no passwords (one that is sent is dropped).",
      ],
    },
    {
      title: "Look through the attributes",
      where: "The app › Provisioning › To App › Attribute Mappings",
      actions: [
        "Keep userName, Given name, Family name and Email mapped from the Okta profile.",
        groupedByField(
          "see that an attribute of the app has this external name and namespace (**Department** has by default), and that it is mapped from the Okta profile.",
        ),
        {
          customFields: true,
          text: "For a custom field of this setting, add the attribute in **Go to Profile Editor › Add Attribute** with the external name and namespace of its SCIM path, then map it.",
        },
      ],
    },
    {
      title: "Assign people",
      where: "The app › Assignments",
      actions: [
        "**Assign › Assign to Groups** (or **People**) brings people into scope; Okta sends them at once.",
        { grouping: "field", text: "Leave **Push Groups** empty: target groups come from “{groupField}”." },
        ONE_GROUP_FOR_ALL,
      ],
    },
    {
      title: "Push groups",
      grouping: "idp",
      where: "The app › Push Groups",
      actions: [
        "Open **Push Groups › Find groups by name** (or **by rule**), choose a group, keep **Push group memberships immediately** ticked, and **Save**. Each pushed group becomes a target group of its name.",
      ],
      note: "Okta advises against using one and the same group for assignment and for push: use two groups.",
    },
  ],
  sendOne: [
    "In the app open **Assignments › Assign › Assign to People**, choose one person, **Assign**, **Save and Go Back**, **Done**. Okta sends them within a minute.",
    { grouping: "idp", text: "Then push one group that the person is in, under **Push Groups**." },
  ],
  nothingCame: [
    "Are **Create Users**, **Update User Attributes** and **Deactivate Users** enabled under **To App**?",
    "Does the person carry a red mark under **Assignments**, or stand in **Dashboard › Tasks**? Okta says there what it failed by.",
    "Are they staged or suspended? Okta sends nobody who is.",
  ],
  test: [
    {
      grouping: "field",
      text: "Change the person’s “{groupField}” in the Okta profile: they move to the other target group.",
    },
    { grouping: "idp", text: "Take the person out of the pushed group: they leave its target group." },
    "Unassign them: they become inactive here, and assigning them again brings back the same person.",
  ],
  mistakes: [
    {
      looks: "No request at all, and Okta says “Error authenticating: Unauthorized”.",
      means:
        "The token was cut before its id, or the word `Bearer` was pasted with it: nothing says then which log it belongs to. One that is revoked, mistyped or cut later on is in the log.",
      fix: "Paste the token alone; Okta puts `Bearer` in front itself.",
    },
    {
      looks: "`GET /Users?startIndex=1&count=2` and nothing after it.",
      means: "The test worked; **Create Users** is not enabled, or nobody is assigned.",
      fix: "Enable the three boxes under **To App**, then assign people.",
    },
    {
      grouping: "idp",
      looks: "People arrive, but their groups stay empty.",
      means: "Assigning a group to the app sends its people, not the group.",
      fix: "Add the group under **Push Groups** as well.",
    },
    {
      codes: ["user_name_taken"],
      looks: "`POST /Users` answered with 409 `uniqueness`.",
      means: "Somebody with this user name is in this setting already.",
      fix: "In Okta open the task under **Dashboard › Tasks** and retry it: Okta finds the person and links them.",
    },
    {
      looks: "A person deleted in Okta stays here as inactive.",
      means: "Okta never sends deletions, only deactivations.",
      fix: "Nothing: training has stopped for them. Their history is kept.",
    },
  ],
  paths: [
    SCIM_PATHS.workEmail,
    SCIM_PATHS.userName,
    SCIM_PATHS.department,
    SCIM_PATHS.title,
    SCIM_PATHS.mobile,
    SCIM_PATHS.city,
    SCIM_PATHS.region,
    SCIM_PATHS.country,
    SCIM_PATHS.locale,
    SCIM_PATHS.timezone,
    SCIM_PATHS.userType,
    SCIM_PATHS.costCenter,
    SCIM_PATHS.organization,
    SCIM_PATHS.division,
    SCIM_PATHS.employeeNumber,
    SCIM_PATHS.manager,
  ],
  limits: [
    "Okta sends no deletions of people, and no people who are staged.",
    { grouping: "idp", text: "A pushed group carries only members who are assigned to the app." },
    { grouping: "idp", text: "Renaming a pushed group is sent; unlinking it asks whether to delete it here." },
  ],
  sources: [
    {
      title: "Okta: Connect your SCIM API with Okta",
      url: "https://developer.okta.com/docs/guides/scim-provisioning-integration-connect/main/",
    },
    { title: "Okta: SCIM 2.0 protocol", url: "https://developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20" },
    {
      title: "Okta: About Group Push",
      url: "https://help.okta.com/en-us/content/topics/users-groups-profiles/usgp-about-group-push.htm",
    },
  ],
};
