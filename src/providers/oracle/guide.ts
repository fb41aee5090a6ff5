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
  needs: ["An administrator of the identity domain, or an application administrator."],
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
        "Look through the attribute mapping: user name, given name, family name, e-mail; department if you group by it.",
        "Tick the provisioning operations to create, update, deactivate and delete an account.",
        "Finish, and **Activate** the application.",
      ],
    },
    {
      title: "Bring people in",
      where: "The application › Users, and Groups",
      actions: ["Choose **Assign users** or **Assign groups**: whoever is assigned is sent."],
    },
  ],
  test: [
    "Assign one person: they appear under People here.",
    "Deactivate their account on the application's **Users** page: they become inactive here.",
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
      looks: "People arrive without department.",
      means: "The attribute is not mapped.",
      fix: "Add it to the attribute mapping.",
    },
  ],
  paths: [...USUAL_PATHS, SCIM_PATHS.costCenter, SCIM_PATHS.employeeNumber],
  limits: ["People are sent when they are assigned, to the application or to a group that is."],
  sources: [
    "https://docs.oracle.com/en-us/iaas/Content/Identity/scim/add-application-using-generic-scim-app-template.htm",
    "https://docs.oracle.com/en-us/iaas/Content/Identity/scim/test-provisioning-operations-you-selected.htm",
  ],
};
