import { groupedByField, ONE_GROUP_FOR_ALL } from "../grouped-by-field.ts";
import type { Guide, GuideStep, SignInWay } from "../guide.ts";
import { SCIM_PATHS, USUAL_PATHS } from "../scim-paths.ts";

/** The application of one template, and its connection; after the tenant URL the template asks for these values. */
function connect(signIn: SignInWay, template: string, values: NonNullable<GuideStep["values"]>): GuideStep[] {
  const onScope = signIn === "client" ? "; the scope may be anything, for example `scim`" : "";
  return [
    {
      title: "Make the application",
      signIn,
      where: "Oracle Cloud Console › Identity & Security › Domains › your domain › Integrated applications",
      actions: [
        "Choose **Add application**, then **Application Catalog** and **Launch app catalog**.",
        `Search for \`GenericScim\` and choose **GenericScim - ${template}**.`,
        "Give it a name and choose **Next**.",
      ],
    },
    {
      title: "Connect it to Rollcall",
      signIn,
      where: "The application › Configure provisioning › Configure connectivity",
      actions: [
        "Turn on **Enable provisioning**.",
        `Fill in the values below: the tenant URL is given in two parts. SSL stays on${onScope}.`,
        "Choose **Test connectivity**.",
      ],
      values: [{ label: "Host Name", value: "{tenantHost}" }, { label: "Base URI", value: "{tenantPath}" }, ...values],
    },
  ];
}

/** Oracle Cloud (OCI IAM identity domains): an application from one of the GenericScim templates. */
export const oracleGuide: Guide = {
  provider: "oracle",
  name: "Oracle (OCI IAM)",
  signIn: ["client", "token"],
  groupings: {
    idp: "Oracle sends groups that are assigned to the application, and their members.",
    field: "Oracle sends no department unless the attribute mapping has it.",
  },
  prerequisites: ["An administrator of the identity domain, or an application administrator."],
  steps: [
    ...connect("client", "Client Credentials", [
      { label: "Client Id", value: "{clientId}" },
      { label: "Client Secret", value: "{clientSecret}" },
      { label: "Scope", value: "scim" },
      { label: "Authentication Server Url", value: "{tokenEndpoint}" },
    ]),
    ...connect("token", "Bearer Token", [{ label: "Access Token", value: "{token}" }]),
    {
      title: "Choose what is sent",
      where: "The application › Configure provisioning",
      actions: [
        "Look through the attribute mapping: user name, given name, family name, e-mail.",
        groupedByField("add a row from the attribute that holds it. By itself it is not sent."),
        "Tick the provisioning operations to create, update, deactivate and delete an account.",
        "Finish, and **Activate** the application.",
      ],
    },
    {
      title: "Bring people in",
      where: "The application › Users, and Groups",
      actions: [
        {
          grouping: ["none", "field"],
          text: "Choose **Assign users** or **Assign groups**: whoever is assigned is sent.",
        },
        {
          grouping: "idp",
          text: "Choose **Assign groups**: each group is sent with its people, and becomes a target group of its name. **Assign users** sends people alone.",
        },
        ONE_GROUP_FOR_ALL,
      ],
    },
  ],
  sendOne: [
    {
      grouping: ["none", "field"],
      text: "On the application’s **Users** page choose **Assign users**, and one person.",
    },
    {
      grouping: "idp",
      text: "On the application’s **Groups** page choose **Assign groups**, and a small group with one person in it.",
    },
  ],
  nothingCame: [
    "Is the application **active**, and **Enable provisioning** on?",
    "Are the operations to create and to update an account ticked?",
    "The person’s account on the application’s **Users** page says what its last operation failed by.",
  ],
  test: [
    { grouping: "field", text: "Change the person’s “{groupField}”: they move to the other target group." },
    { grouping: "idp", text: "Take the person out of the group: they leave its target group." },
    "Deactivate their account on the application’s **Users** page: they become inactive here.",
  ],
  mistakes: [
    {
      looks: "No request at all, and **Test connectivity** fails.",
      means: "Host Name holds `https://` or the path, or Base URI does not.",
      fix: "Copy the two parts as shown: the host alone, and the path with its first slash.",
    },
    {
      looks: "The connection is fine and nobody arrives.",
      means: "The application is not activated, or nobody is assigned.",
      fix: "Choose **Activate**, then assign people or groups.",
    },
    {
      codes: ["user_name_taken"],
      looks: "`POST /Users` answered with 409 `uniqueness`.",
      means: "Somebody with this user name is in this setting already.",
      fix: "Remove the one here, or link the account on the application’s **Users** page, then assign the person again.",
    },
    {
      grouping: "field",
      looks: "People arrive and are in no target group.",
      means: "The field they are grouped by is empty: it is not mapped.",
      fix: "Add it to the attribute mapping.",
    },
  ],
  paths: [...USUAL_PATHS, SCIM_PATHS.costCenter, SCIM_PATHS.employeeNumber],
  limits: ["People are sent when they are assigned, to the application or to a group that is."],
  sources: [
    {
      title: "Oracle: Adding an application using the Generic SCIM App Template",
      url: "https://docs.oracle.com/en-us/iaas/Content/Identity/scim/add-application-using-generic-scim-app-template.htm",
    },
    {
      title: "Oracle: Testing the provisioning operations you selected",
      url: "https://docs.oracle.com/en-us/iaas/Content/Identity/scim/test-provisioning-operations-you-selected.htm",
    },
  ],
};
