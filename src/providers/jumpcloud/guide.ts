import { groupedByField, ONE_GROUP_FOR_ALL } from "../grouped-by-field.ts";
import type { Guide } from "../guide.ts";
import { SCIM_PATHS } from "../scim-paths.ts";

/** JumpCloud: a custom application with identity management over SCIM 2.0. */
export const jumpcloudGuide: Guide = {
  provider: "jumpcloud",
  name: "JumpCloud",
  signIn: ["token"],
  groupings: {
    idp: "JumpCloud sends the user groups that are bound to the application; one without members comes with its first.",
    field: "JumpCloud sends no department unless it is mapped.",
  },
  prerequisites: [
    "A JumpCloud administrator who may manage SSO applications.",
    "An e-mail address that nobody here has yet, for the connection test.",
  ],
  steps: [
    {
      title: "Make the application",
      where: "JumpCloud Admin Portal › Access › SSO Applications",
      actions: [
        "Choose **+ Add New Application**, then **Custom Application**, and **Next**.",
        "Tick **Export users to this app (Identity Management)** and **Next**.",
        "Name it under **Display Label**, for example `Security awareness`, choose **Save Application**, then **Configure Application**.",
      ],
    },
    {
      title: "Connect it to Rollcall",
      where: "The application › Identity Management",
      actions: [
        "Set **API Type** to **SCIM API** and **SCIM Version** to **SCIM 2.0**.",
        "Fill in the values below. The test address must be new: JumpCloud creates a person with it, changes them and removes them again.",
        {
          grouping: "idp",
          text: "Tick **Enable management of User Groups and Group Membership in this application**: each bound group becomes a target group of its name.",
        },
        {
          grouping: ["none", "field"],
          text: "Leave **Enable management of User Groups and Group Membership in this application** off: groups are not used here.",
        },
        "Choose **Test Connection**, then **Activate**, then **Save**.",
      ],
      values: [
        { label: "Base URL", value: "{tenantUrl}" },
        { label: "Token Key", value: "{token}" },
        { label: "Test User Email", value: "rollcall-test@your-domain" },
      ],
      note: "No slash at the end of the Base URL. What the test makes appears in the log here and is gone again a second later.",
    },
    {
      title: "Look through the attributes",
      where: "The application › Identity Management › Attribute Mapping",
      actions: [
        "Keep userName, first name, last name and e-mail as they are.",
        groupedByField(
          "choose **+ Add** and map the JumpCloud attribute that holds it to this path. By itself it is not sent.",
        ),
        {
          customFields: true,
          text: "For each custom field of this setting choose **+ Add** and map the JumpCloud attribute to the SCIM path its mapping shows.",
        },
      ],
    },
    {
      title: "Bring people in",
      where: "The application › User Groups",
      actions: [
        "Tick the user groups whose people are to be trained, and **Save**. JumpCloud sends them within minutes.",
        { grouping: "idp", text: "An empty group is not sent until it has its first member." },
        ONE_GROUP_FOR_ALL,
      ],
    },
  ],
  sendOne: [
    "Under **User Management › User Groups** make a group with one person in it, and tick it under **User Groups** of the application. JumpCloud sends the person within minutes.",
    { grouping: "idp", text: "The group itself comes right after its person." },
  ],
  nothingCame: [
    "Was **Activate** chosen, and then **Save**? A test alone sends nobody.",
    "Is the person active in JumpCloud, and in a group that is ticked under **User Groups** of the application?",
    "**Directory Insights** in JumpCloud has an event for each try (`user_create_provision`), with what it failed by.",
  ],
  test: [
    { grouping: "field", text: "Change the person’s “{groupField}”: they move to the other target group." },
    {
      grouping: "idp",
      text: "Put them into a second bound group: they are in both target groups.",
    },
    "Take them out of the group: they become inactive here.",
  ],
  mistakes: [
    {
      codes: ["user_name_taken"],
      looks: "`POST /Users` answered with 409 `uniqueness` right at **Test Connection**.",
      means: "The test address belongs to somebody who is here already.",
      fix: "Give an address that nobody has.",
    },
    {
      looks: "No request at all, and the test says that the connection failed.",
      means:
        "The address is wrong, or the token is another setting’s or was cut before its id: nothing says then which log it belongs to. One that is revoked, mistyped or cut later on is in the log.",
      fix: "Copy both again; no slash at the end of the Base URL.",
    },
    {
      looks: "The test requests are all there with 2xx, then nothing.",
      means: "The integration was tested but not activated, or no user group is bound.",
      fix: "Choose **Activate** and **Save**, then tick groups under **User Groups**.",
    },
    {
      looks: "Phone numbers arrive as `tel:+1-555-555-5555`.",
      means: "JumpCloud sends phone numbers as URIs; they are kept as sent.",
      fix: "Nothing: this is what the number looks like at the provider.",
    },
    {
      grouping: "field",
      looks: "People arrive and are in no target group.",
      means: "The field they are grouped by is empty: JumpCloud does not send it unless it is mapped.",
      fix: "Add the mapping under **Attribute Mapping**.",
    },
  ],
  paths: [
    SCIM_PATHS.workEmail,
    SCIM_PATHS.userName,
    SCIM_PATHS.displayName,
    SCIM_PATHS.department,
    SCIM_PATHS.title,
    SCIM_PATHS.workPhone,
    SCIM_PATHS.mobile,
    SCIM_PATHS.city,
    SCIM_PATHS.region,
    SCIM_PATHS.country,
    SCIM_PATHS.locale,
    SCIM_PATHS.costCenter,
    SCIM_PATHS.employeeNumber,
    SCIM_PATHS.manager,
  ],
  limits: [
    "Unbinding a group makes its people inactive here unless another bound group holds them.",
    { grouping: "idp", text: "Empty groups are not created." },
    { grouping: "idp", text: "A group that is here under the same name is taken over by JumpCloud." },
  ],
  sources: [
    {
      title: "JumpCloud: Custom SCIM identity management integration",
      url: "https://jumpcloud.com/support/provision-and-manage-users-and-groups-in-apps-using-custom-scim-identity-management-integration",
    },
    {
      title: "JumpCloud: Troubleshoot custom SCIM integrations",
      url: "https://jumpcloud.com/support/troubleshoot-custom-scim-integrations",
    },
  ],
};
