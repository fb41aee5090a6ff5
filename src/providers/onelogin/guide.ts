import { groupedByField, ONE_GROUP_FOR_ALL } from "../grouped-by-field.ts";
import type { Guide } from "../guide.ts";
import { SCIM_PATHS } from "../scim-paths.ts";

const TEMPLATE = `{
  "schemas": [
    "urn:ietf:params:scim:schemas:core:2.0:User",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
  ],
  "userName": "{$parameters.scimusername}",
  "externalId": "{$user.id}",
  "displayName": "{$user.display_name}",
  "name": {
    "givenName": "{$user.firstname}",
    "familyName": "{$user.lastname}"
  },
  "emails": [{ "value": "{$user.email}", "type": "work", "primary": true }],
  "phoneNumbers": [{ "value": "{$user.phone}", "type": "work" }],
  "title": "{$user.title}",
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
    "department": "{$user.department}"
  }
}`;

/** OneLogin: the catalogue's SCIM v2 app with the enterprise template. */
export const oneloginGuide: Guide = {
  provider: "onelogin",
  name: "OneLogin",
  signIn: ["token"],
  groupings: {
    idp: "OneLogin sends groups by rules of the app; renaming or deleting one is not sent.",
    field: "OneLogin sends what its JSON template holds: the one below has the department.",
  },
  prerequisites: ["A OneLogin administrator who may add and manage apps.", "A plan with user provisioning."],
  steps: [
    {
      title: "Add the app",
      where: "OneLogin Administration › Applications › Applications › Add App",
      actions: [
        "Search for `SCIM Provisioner with SAML (SCIM v2 Enterprise)` and choose it.",
        "Name it, for example `Security awareness`, and **Save**.",
      ],
    },
    {
      title: "Connect it to Rollcall",
      where: "The app › Configuration › API Connection",
      actions: [
        "Fill in the two values below and paste the template into **SCIM JSON Template**.",
        groupedByField(
          "the template has the department there; for another field add a line at this path that reads the attribute you fill.",
        ),
        {
          customFields: true,
          text: "Add a line to the template for each custom field of this setting, at the SCIM path its mapping shows.",
        },
        "Choose **Save**, then **Enable** beside **API Status**: it turns to **Enabled**.",
      ],
      values: [
        { label: "SCIM Base URL", value: "{tenantUrl}" },
        { label: "SCIM Bearer Token", value: "{token}" },
      ],
      template: TEMPLATE,
      note: "No groups in the template.",
    },
    {
      title: "Say which name is the user name",
      where: "The app › Parameters",
      actions: ["Set **scimusername** to **Email** (or to the name your people sign in with), and **Save**."],
    },
    {
      title: "Turn provisioning on",
      where: "The app › Provisioning",
      actions: [
        "Tick **Enable provisioning**.",
        "Under **Require admin approval before this action is performed** untick **Create user**, **Delete user** and **Update user**, unless you want to approve each.",
        "Set **When users are deleted in OneLogin, or the user’s app access is removed** to **Suspend** (they become inactive here) or **Delete** (they are removed here), and **Save**.",
      ],
    },
    {
      title: "Bring people in",
      where: "The app › Access",
      actions: ["Under **Access** choose the roles whose people are to be trained.", ONE_GROUP_FOR_ALL],
    },
    {
      title: "Send groups",
      grouping: "idp",
      where: "The app › Parameters, Provisioning and Rules",
      actions: [
        "Under **Parameters** edit **Groups** and tick **Include in User Provisioning**.",
        "Under **Provisioning › Entitlements** choose **Refresh**.",
        "Under **Rules** add a rule with **Set Groups in …**, for example for each role with any value: what it gives becomes a target group of that name.",
      ],
    },
  ],
  sendOne: [
    "Give one person a role that the app has under **Access**, or add the app to them under **Users › the person › Applications**.",
    "Under **Users** of the app their state becomes **Provisioned**; where it is **Pending**, approve it.",
    { grouping: "idp", text: "The person’s role must be one that your rule makes a group of." },
  ],
  nothingCame: [
    "Is **API Status** under **Configuration** at **Enabled**, and **Enable provisioning** ticked?",
    "Does the person stand as **Pending** under **Users** of the app? It waits for an approval.",
    "**Activity › Events** in OneLogin says what a failed one failed by.",
  ],
  test: [
    { grouping: "field", text: "Change the person’s “{groupField}”: they move to the other target group." },
    {
      grouping: "idp",
      text: "Give them another role: they move to its target group once their mappings are applied again.",
    },
    "Take the role away: they become inactive here (with Suspend) or are removed (with Delete).",
  ],
  mistakes: [
    {
      looks: "No request at all, and API Status stays **Disabled**.",
      means: "The token is wrong, or a bot rule in front of the Worker stops OneLogin, which sends no User-Agent.",
      fix: "Paste a fresh token. If this Rollcall has its own domain, switch off Browser Integrity Check and bot rules for `/scim/*`.",
    },
    {
      looks: "Only `GET /Users?filter=userName eq …` and nothing after it.",
      means: "The connection works; people stand under **Users** as **Pending** and wait for an approval.",
      fix: "Approve them, or untick the approvals under **Provisioning**.",
    },
    {
      codes: ["malformed_body"],
      looks: "`POST /Users` answered with 400 `invalidSyntax`.",
      means: "The JSON template is not valid JSON any more, often a comma too many after an edit.",
      fix: "Paste the template above again and add your lines one at a time.",
    },
    {
      codes: ["missing_attribute"],
      looks: "`POST /Users` answered with 400: userName is required.",
      means: "The parameter **scimusername** is empty for this person.",
      fix: "Set it under **Parameters**, then **Reapply entitlement mappings**.",
    },
    {
      grouping: "field",
      looks: "People arrive and are in no target group.",
      means: "The field they are grouped by is empty: the template reads another attribute than the one you fill.",
      fix: "Change that line of the template, as `{$user.department}`, to the attribute that holds it, such as `{$user.custom_fields.team}`.",
    },
  ],
  paths: [
    SCIM_PATHS.workEmail,
    SCIM_PATHS.userName,
    SCIM_PATHS.department,
    SCIM_PATHS.title,
    SCIM_PATHS.workPhone,
    SCIM_PATHS.mobile,
    SCIM_PATHS.city,
    SCIM_PATHS.country,
    SCIM_PATHS.userType,
    SCIM_PATHS.organization,
    SCIM_PATHS.division,
    SCIM_PATHS.employeeNumber,
    SCIM_PATHS.manager,
  ],
  limits: [
    "OneLogin sends what the template holds and nothing else.",
    {
      grouping: "idp",
      text: "Renaming and deleting groups is not sent: the target group keeps its old name until you change the rule.",
    },
    { grouping: "idp", text: "Groups show up in OneLogin’s rules only after **Refresh** under Entitlements." },
  ],
  sources: [
    { title: "OneLogin: Implement your SCIM API", url: "https://developers.onelogin.com/scim/implement-scim-api" },
    { title: "OneLogin: Test your SCIM implementation", url: "https://developers.onelogin.com/scim/test-your-scim" },
    {
      title: "OneLogin: Custom SCIM connectors (KB0013904)",
      url: "https://onelogin.service-now.com/support?id=kb_article&sys_id=KB0013904",
    },
  ],
};
