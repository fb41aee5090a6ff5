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
  needs: ["A OneLogin administrator who may add and manage apps.", "A plan with user provisioning."],
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
        "Choose **Save**, then **Enable** beside **API Status**: it turns to **Enabled**.",
      ],
      values: [
        { label: "SCIM Base URL", value: "{tenantUrl}" },
        { label: "SCIM Bearer Token", value: "{token}" },
      ],
      template: TEMPLATE,
      note: "Add a line to the template for each custom field of this setting, at the SCIM path its mapping shows. No groups in the template: OneLogin sends them apart.",
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
        "Set **When users are deleted in OneLogin, or the user's app access is removed** to **Suspend** (they become inactive here) or **Delete** (they are removed here), and **Save**.",
      ],
    },
    {
      title: "Bring people and groups in",
      where: "The app › Access and Rules",
      actions: [
        "Under **Access** choose the roles whose people are to be trained.",
        "With grouping “synchronise groups”: under **Parameters** edit **Groups** and tick **Include in User Provisioning**; under **Provisioning › Entitlements** choose **Refresh**; then under **Rules** add a rule with **Set Groups in …**, for example for each role with any value.",
      ],
    },
  ],
  test: [
    "Give one person a role of the app: under **Users** of the app their state becomes **Provisioned**, and they appear under People here.",
    "Change their department: they move to the other target group.",
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
      looks: "`POST /Users` answered with 400 `invalidSyntax`.",
      means: "The JSON template is not valid JSON any more, often a comma too many after an edit.",
      fix: "Paste the template above again and add your lines one at a time.",
    },
    {
      looks: "`POST /Users` answered with 400: userName is required.",
      means: "The parameter **scimusername** is empty for this person.",
      fix: "Set it under **Parameters**, then **Reapply entitlement mappings**.",
    },
    {
      looks: "People arrive without department.",
      means: "The template reads another attribute than the one you fill.",
      fix: "Change `{$user.department}` in the template to the attribute that holds it, such as `{$user.custom_fields.team}`.",
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
    "Renaming and deleting groups is not sent: the target group keeps its old name until you change the rule.",
    "Groups show up in OneLogin's rules only after **Refresh** under Entitlements.",
  ],
  sources: [
    "https://developers.onelogin.com/scim/implement-scim-api",
    "https://developers.onelogin.com/scim/test-your-scim",
    "https://onelogin.service-now.com/support?id=kb_article&sys_id=KB0013904",
  ],
};
