import { groupedByField, ONE_GROUP_FOR_ALL } from "../grouped-by-field.ts";
import type { Guide, GuideStep, SignInWay } from "../guide.ts";
import { SCIM_PATHS, USUAL_PATHS } from "../scim-paths.ts";

/** The connection with one authentication method, which asks for these values. */
function connect(signIn: SignInWay, method: string, values: NonNullable<GuideStep["values"]>): GuideStep {
  const onScopes = signIn === "client" ? " leave the scopes empty," : "";
  return {
    title: "Connect it to Rollcall",
    signIn,
    where: "PingOne › Integrations › Provisioning › + › New connection",
    actions: [
      "On the row **Identity Store** choose **Select**, then **SCIM Outbound**, **Select** and **Next**. Name it.",
      `Fill in the values below,${onScopes} then choose **Test connection** and **Next**.`,
      "Under preferences choose what happens to people who leave: **Disable** keeps them here as inactive, **Delete** removes them.",
      "Save, and turn the connection on.",
    ],
    values: [
      { label: "SCIM base URL", value: "{tenantUrl}" },
      { label: "Users resource", value: "/Users" },
      { label: "Groups resource", value: "/Groups" },
      { label: "SCIM version", value: "2.0" },
      { label: "Authentication method", value: method },
      ...values,
      { label: "Auth type header", value: "Bearer" },
    ],
  };
}

/** PingOne: an outbound SCIM connection with a rule that says who is sent. */
export const pingoneGuide: Guide = {
  provider: "pingone",
  name: "PingOne",
  signIn: ["client", "token"],
  groupings: {
    idp: "PingOne sends the groups you add to the rule, with those members whom its filter finds.",
    field: "PingOne sends no department unless the rule maps it.",
  },
  prerequisites: ["A PingOne administrator who may manage provisioning.", "The environment that holds your people."],
  steps: [
    connect("client", "OAuth 2 Client Credentials", [
      { label: "OAuth token request", value: "{tokenEndpoint}" },
      { label: "OAuth client ID", value: "{clientId}" },
      { label: "OAuth client secret", value: "{clientSecret}" },
    ]),
    connect("token", "OAuth 2 Bearer Token", [{ label: "OAuth access token", value: "{token}" }]),
    {
      title: "Say who is sent",
      where: "Integrations › Provisioning › + › New rule",
      actions: [
        "Name the rule, choose the new connection as **Target** and **Save**.",
        "Edit **User Filter**: for example the population or group that is to be trained.",
        {
          grouping: "idp",
          text: "Add the groups under **Group Provisioning**: each becomes a target group of its name.",
        },
        { grouping: "field", text: "Leave **Group Provisioning** empty: target groups come from “{groupField}”." },
        ONE_GROUP_FOR_ALL,
      ],
    },
    {
      title: "Look through the attributes and begin",
      where: "The rule › Attribute Mapping",
      actions: [
        "Keep userName, given name, family name and e-mail.",
        groupedByField("add a mapping from the PingOne attribute that holds it. By itself it is not sent."),
        "Turn the rule on: PingOne sends everybody that the filter finds.",
      ],
    },
  ],
  sendOne: [
    "Narrow the rule’s **User Filter** to one person, for example by `Username`, and turn the rule on: PingOne sends them within minutes. Widen the filter again afterwards.",
    { grouping: "idp", text: "Have one group that the person is in under **Group Provisioning**." },
  ],
  nothingCame: [
    "Are both the connection and the rule turned on?",
    "Does the filter find the person, and are they enabled?",
    "The sync summary of the rule, under **Provisioning › Rules**, counts how many failed and leads to the audit log.",
  ],
  test: [
    { grouping: "field", text: "Change the person’s “{groupField}”: they move to the other target group." },
    { grouping: "idp", text: "Take the person out of the group: they leave its target group." },
    "Disable them in PingOne: they become inactive here.",
  ],
  mistakes: [
    {
      looks: "**Test connection** fails after `GET /ServiceProviderConfig` was answered with 200.",
      means: "Ping’s SCIM library before its version 5 stops at pagination, which it does not know.",
      fix: "On this setting’s page, under How requests are read, hide pagination.",
    },
    {
      looks: "The connection is fine and nobody arrives.",
      means: "The rule, or the connection, is not turned on.",
      fix: "Turn on both.",
    },
    {
      codes: ["user_name_taken"],
      looks: "`POST /Users` answered with 409 `uniqueness`.",
      means: "Somebody with this user name is in this setting already.",
      fix: "Let the rule match by `userName`, or remove the one here.",
    },
    {
      grouping: "field",
      looks: "People arrive and are in no target group.",
      means: "The field they are grouped by is empty: it is not mapped in the rule.",
      fix: "Add it under **Attribute Mapping**.",
    },
  ],
  paths: [...USUAL_PATHS, SCIM_PATHS.locale, SCIM_PATHS.employeeNumber],
  limits: ["A rule sends to one target: make one for each setting."],
  sources: [
    {
      title: "PingOne: Creating a SCIM connection",
      url: "https://docs.pingidentity.com/pingone/integrations/p1_create_scim_connection.html",
    },
    {
      title: "PingOne: SCIM provisioning features",
      url: "https://docs.pingidentity.com/pingone/integrations/p1_scim_provisioning_features.html",
    },
    {
      title: "PingOne: Creating a provisioning rule",
      url: "https://docs.pingidentity.com/r/en-us/pingone/p1_create_provisioning_rule",
    },
  ],
};
