import type { Guide } from "../guide.ts";
import { SCIM_PATHS } from "../scim-paths.ts";

/** JumpCloud: a custom application with identity management over SCIM 2.0. */
export const jumpcloudGuide: Guide = {
  provider: "jumpcloud",
  name: "JumpCloud",
  signIn: ["token"],
  needs: [
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
        "With grouping “synchronise groups”, tick **Enable management of User Groups and Group Membership in this application**.",
        "Choose **Test Connection**, then **Activate**, then **Save**.",
      ],
      values: [
        { label: "Base URL", value: "{tenantUrl}" },
        { label: "Token Key", value: "{token}" },
        { label: "Test User Email", value: "rollcall-test@your-domain" },
      ],
      note: "No slash at the end of the Base URL. The test person and test group appear in the log here and are gone again a second later.",
    },
    {
      title: "Look through the attributes",
      where: "The application › Identity Management › Attribute Mapping",
      actions: [
        "Keep userName, first name, last name and e-mail as they are.",
        "For department and for each custom field of this setting choose **+ Add** and map the JumpCloud attribute to the SCIM path its mapping shows, for example `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`.",
      ],
    },
    {
      title: "Bring people and groups in",
      where: "The application › User Groups",
      actions: [
        "Tick the user groups whose people are to be trained, and **Save**. JumpCloud sends them within minutes.",
        "An empty group is not sent until it has its first member.",
      ],
    },
  ],
  test: [
    "Add one person to a bound group: they appear under People here within minutes.",
    "Change their department: they move to the other target group.",
    "Take them out of the group: they become inactive here.",
  ],
  mistakes: [
    {
      looks: "`POST /Users` answered with 409 `uniqueness` right at **Test Connection**.",
      means: "The test address belongs to somebody who is here already.",
      fix: "Give an address that nobody has.",
    },
    {
      looks: "No request at all, and the test says that the connection failed.",
      means:
        "The token or the address is wrong. A token that nobody knows belongs to no setting, so it is in no log; one that was revoked or has ended is in this setting's.",
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
      looks: "People arrive without department.",
      means: "JumpCloud does not send department unless it is mapped.",
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
    "Empty groups are not created.",
    "A group that is here under the same name is taken over by JumpCloud.",
  ],
  sources: [
    "https://jumpcloud.com/support/provision-and-manage-users-and-groups-in-apps-using-custom-scim-identity-management-integration",
    "https://jumpcloud.com/support/troubleshoot-custom-scim-integrations",
  ],
};
