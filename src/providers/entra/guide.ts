import { groupedByField, ONE_GROUP_FOR_ALL } from "../grouped-by-field.ts";
import type { Guide } from "../guide.ts";
import { SCIM_PATHS } from "../scim-paths.ts";

/** Microsoft Entra ID: a non-gallery enterprise application with automatic provisioning. */
export const entraGuide: Guide = {
  provider: "entra",
  name: "Microsoft Entra ID",
  signIn: ["federation", "client", "token"],
  groupings: {
    idp: "Entra sends the groups that are assigned to the application, with their direct members; groups inside groups are not expanded.",
    field: "Entra sends the department by itself. Another field has to be in its attribute mapping.",
  },
  prerequisites: [
    "An account with the role **Application Administrator** or **Cloud Application Administrator**.",
    {
      grouping: "idp",
      text: "Microsoft Entra ID P1 or better: it is needed to assign groups, and groups are what is synchronised.",
    },
    {
      grouping: ["none", "field"],
      text: "Microsoft Entra ID P1 or better if you want to assign people by groups (single users can be assigned without it).",
    },
  ],
  steps: [
    {
      title: "Make the application",
      where: "Microsoft Entra admin center › Entra ID › Enterprise apps › All applications",
      actions: [
        "Choose **New application**, then **Create your own application**.",
        "Name it, for example `Security awareness`, choose **Integrate any other application you don’t find in the gallery (Non-gallery)**, and **Create**.",
      ],
    },
    {
      title: "Let it sign in without a secret",
      signIn: "federation",
      where: "The application › Provisioning › New configuration (or Connect your application)",
      actions: [
        "As authentication method choose **Workload identity federation**. Entra shows an **Issuer**, a **JWKS URL**, a **Subject** and an **Audience**.",
        "Copy the four into the form above, here in Rollcall, and choose **Make trust**: then the client id below is there.",
      ],
      note: "Nothing has to be kept secret or renewed: Entra proves with each request for a token which application it is.",
    },
    {
      title: "Connect it to Rollcall",
      signIn: "federation",
      where: "The same screen",
      actions: [
        "Fill in the three values below and choose **Test connection**: it says that the credentials are authorized.",
        "Choose **Create** (older screen: **Save**).",
      ],
      values: [
        { label: "Tenant URL", value: "{tenantUrl}" },
        { label: "Token URL", value: "{tokenEndpoint}" },
        { label: "Client ID", value: "{clientId}" },
      ],
      note: "Under “Send one person now” on this page it says “Connection tested” as soon as Entra has asked.",
    },
    {
      title: "Connect it to Rollcall",
      signIn: "client",
      where: "The application › Provisioning › New configuration (or Connect your application)",
      actions: [
        "As authentication method choose **OAuth2 client credentials grant**.",
        "Fill in the four values below and choose **Test connection**: it says that the credentials are authorized.",
        "Choose **Create** (older screen: **Save**).",
      ],
      values: [
        { label: "Tenant URL", value: "{tenantUrl}" },
        { label: "Token Endpoint", value: "{tokenEndpoint}" },
        { label: "Client Identifier", value: "{clientId}" },
        { label: "Client Secret", value: "{clientSecret}" },
      ],
      note: "The secret ends on the day that this setting’s credentials show. Before that make a second one, put it into Entra, and delete the first once the second has been used.",
    },
    {
      title: "Connect it to Rollcall",
      signIn: "token",
      where: "The application › Provisioning › New configuration (or Connect your application)",
      actions: [
        "Leave the authentication method at **Bearer authentication**. In the older screen set **Provisioning Mode** to **Automatic** and open **Admin Credentials**.",
        "Fill in the two values below and choose **Test connection**: it says that the credentials are authorized.",
        "Choose **Create** (older screen: **Save**).",
      ],
      values: [
        { label: "Tenant URL", value: "{tenantUrl}" },
        { label: "Secret token", value: "{token}" },
      ],
      note: "Under “Send one person now” on this page it says “Connection tested” as soon as Entra has asked.",
    },
    {
      title: "Look through the attribute mapping",
      where: "The application › Provisioning › Attribute mapping › Provision Microsoft Entra ID Users",
      actions: [
        "Keep `userName` ← `userPrincipalName` as the matching attribute (precedence 1).",
        'Keep `active` ← `Switch([IsSoftDeleted], , "False", "True", "True", "False")`: this is how leavers are switched off.',
        'Keep `emails[type eq "work"].value` ← `mail`. If some people have no mailbox, map it from `userPrincipalName`.',
        groupedByField(
          "see that a source attribute goes to it (`department` does by default), and that it is filled for everybody in scope.",
        ),
        {
          customFields: true,
          text: "For each custom field of this setting add the SCIM path shown in its mapping as a target attribute: **Show advanced options › Edit attribute list for customappsso**.",
        },
      ],
    },
    {
      title: "Say who is in scope",
      where: "The application › Users and groups",
      actions: [
        "Choose **Add user/group** and pick the groups (or people) who are to be trained.",
        {
          grouping: "idp",
          text: "Each assigned group becomes a target group of its name. Leave **Provision Microsoft Entra ID Groups** enabled under **Attribute mapping**.",
        },
        {
          grouping: ["none", "field"],
          text: "Switch **Provision Microsoft Entra ID Groups** off under **Attribute mapping**: groups are not used here, and each cycle is shorter without them.",
        },
        ONE_GROUP_FOR_ALL,
      ],
    },
    {
      title: "Start",
      where: "The application › Provisioning › Overview",
      actions: [
        "Choose **Start provisioning**. The first cycle begins within minutes; later ones run every 40 minutes.",
      ],
    },
  ],
  sendOne: [
    "In the application open **Provision on demand**, choose one person who is in scope, and **Provision**.",
    {
      grouping: "idp",
      text: "Then do the same for one assigned group that the person is in: choose the group, and the person among its members.",
    },
  ],
  nothingCame: [
    "Is the person, or a group of theirs, under **Users and groups** of the application?",
    "Does **Provisioning › Overview** say that provisioning runs, and of no quarantine?",
    "**Provisioning logs** in Entra say for each person why they were skipped.",
  ],
  test: [
    {
      grouping: "field",
      text: "Change the person’s “{groupField}” in Entra and provision on demand again: they move to the other target group.",
    },
    {
      grouping: "idp",
      text: "Take the person out of the group in Entra and provision the group on demand: they leave its target group.",
    },
    "Remove the person from the application’s users and provision on demand: they become inactive here and their enrolments are withdrawn.",
  ],
  mistakes: [
    {
      signIn: "federation",
      codes: ["trust_revoked", "assertion_refused"],
      looks: "`POST /scim/oauth/token` answered with 401.",
      means: "Issuer, subject or audience are not the application’s, or the trust was revoked. The request says which.",
      fix: "Open the request in the log and do what it says: another trust, on this setting’s credentials page.",
    },
    {
      signIn: "client",
      codes: ["client_secret_wrong", "client_secret_revoked", "client_secret_ended", "client_revoked"],
      looks: "`POST /scim/oauth/token` answered with 401.",
      means: "The secret has ended, was deleted, or was cut while copying. The request says which.",
      fix: "Open the request in the log and do what it says: another secret, on this setting’s credentials page.",
    },
    {
      signIn: "token",
      looks: "No request at all, and Entra says “You appear to have entered invalid credentials”.",
      means:
        "The token was cut before its id, or it is another setting’s: nothing says then which log it belongs to. A revoked token is in the log of its setting, and so is one that was mistyped or cut later on.",
      fix: "Make a second token on this setting’s page, paste it into **Secret token** and test again.",
    },
    {
      looks: 'Only `GET /Users?filter=userName eq "…"` with a random id and nothing after it.',
      means: "The connection test worked; nobody is in scope, or provisioning was not started.",
      fix: "Assign users or groups, then **Start provisioning**.",
    },
    {
      codes: ["user_name_taken"],
      looks: "`POST /Users` answered with 409 `uniqueness`.",
      means:
        "A person with this user name is in this setting already, and the matching attribute in Entra does not find them.",
      fix: "Match on `userName` ← `userPrincipalName`, then provision the person again.",
    },
    {
      grouping: "idp",
      codes: ["no_such_member"],
      looks: "`PATCH /Groups/…` answered with 400: a member is not known.",
      means: "The group has members who are not provisioned yet, or not in scope.",
      fix: "Nothing, if the next cycle clears it; else bring these people into scope.",
    },
    {
      looks: "A field stays filled here after it was emptied in Entra.",
      means: "Entra does not send emptied attributes unless told to.",
      fix: "In the attribute mapping, turn on sending null values for this attribute, or set a default value.",
    },
  ],
  paths: [
    SCIM_PATHS.workEmail,
    SCIM_PATHS.userName,
    SCIM_PATHS.department,
    SCIM_PATHS.mobile,
    SCIM_PATHS.workPhone,
    SCIM_PATHS.city,
    SCIM_PATHS.region,
    SCIM_PATHS.country,
    SCIM_PATHS.office,
    SCIM_PATHS.title,
    SCIM_PATHS.language,
    SCIM_PATHS.employeeNumber,
    SCIM_PATHS.costCenter,
    SCIM_PATHS.division,
    SCIM_PATHS.organization,
    SCIM_PATHS.manager,
    SCIM_PATHS.userType,
  ],
  limits: [
    { grouping: "idp", text: "Groups inside groups are not expanded by Entra: assign the inner groups themselves." },
    "A deleted person is removed here only when Entra deletes them for good, 30 days later; until then they are inactive.",
    "After many failures Entra puts the connection into quarantine and tries ever more rarely: mend the cause, then choose **Restart provisioning**.",
    { grouping: "idp", text: "Dynamic groups are sent once Entra has worked out who is in them." },
  ],
  sources: [
    {
      title: "Develop and plan provisioning for a SCIM endpoint in Microsoft Entra ID",
      url: "https://learn.microsoft.com/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups",
    },
    {
      title: "Customize user provisioning attribute mappings in Microsoft Entra ID",
      url: "https://learn.microsoft.com/entra/identity/app-provisioning/customize-application-attributes",
    },
    {
      title: "Provision a user or group on demand in Microsoft Entra ID",
      url: "https://learn.microsoft.com/entra/identity/app-provisioning/provision-on-demand",
    },
  ],
};
