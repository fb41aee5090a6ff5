import type { Guide } from "../guide.ts";
import { SCIM_PATHS, USUAL_PATHS } from "../scim-paths.ts";

/** Apache Syncope, whose SCIM client is the SCIM bundle of ConnId. */
export const syncopeGuide: Guide = {
  provider: "syncope",
  name: "Apache Syncope",
  signIn: ["token"],
  needs: ["An administrator of the Syncope console.", "The ConnId SCIM bundle among Syncope's connector bundles."],
  steps: [
    {
      title: "Connect it to Rollcall",
      where: "Syncope Admin Console › Topology › the connector location › Add new connector",
      actions: [
        "Choose the bundle `net.tirasa.connid.bundles.scim` and **SCIM v2 Connector**.",
        "Fill in the values below, and the media types with `application/scim+json`.",
        "Check the connection, tick the capabilities to create, update, delete and search, and **Finish**.",
      ],
      values: [
        { label: "Base Address", value: "{tenantUrl}" },
        { label: "Bearer Token", value: "{token}" },
        { label: "SCIM Server provider", value: "STANDARD" },
      ],
    },
    {
      title: "Make the resource and its mapping",
      where: "Topology › the new connector › Add new resource, then Edit provision rules",
      actions: [
        "Provision `USER` as `__ACCOUNT__` and, with grouping “synchronise groups”, `GROUP` as `__GROUP__`.",
        "Map `userName`, `name.givenName`, `name.familyName`, one of `emails` and **`active`**: without the last nobody is deactivated here.",
        "Map `externalId` too where you have one. Correlate by `userName` or `externalId`, so that people who are here already are found.",
      ],
      note: "**Update User method** PUT sends all that is mapped each time; what is not mapped is taken away here. PATCH changes what has changed.",
    },
    {
      title: "Bring people in",
      where: "Topology › the resource › Push tasks",
      actions: [
        "Assign the resource to the users and groups who are to be trained.",
        "Make a push task for those who are there already and run it.",
      ],
    },
  ],
  test: [
    "Assign the resource to one person: they appear under People here.",
    "Suspend them: they become inactive here.",
  ],
  mistakes: [
    {
      looks: "A person suspended in Syncope stays active here.",
      means: "`active` is not mapped.",
      fix: "Map it in the provision rules.",
    },
    {
      looks: "`POST /Users` answered with 409 `uniqueness`.",
      means: "The person is here already, and Syncope did not look for them.",
      fix: "Correlate by `userName` or `externalId`.",
    },
    {
      looks: "A request answered with 429 or 503, and never sent again.",
      means: "The connector does not retry.",
      fix: "Run the push task again; it makes good what is missing.",
    },
  ],
  paths: [...USUAL_PATHS, SCIM_PATHS.costCenter, SCIM_PATHS.employeeNumber],
  limits: [
    "A PUT of a group without members leaves its members as they are: ConnId means “unchanged” by it.",
    "A change of nothing but groups sends an empty PATCH of the user first; it changes nothing here.",
  ],
  sources: [
    "https://github.com/Tirasa/ConnIdSCIMBundle",
    "https://syncope.apache.org/docs/reference-guide.html",
    "https://connid.atlassian.net/wiki/display/BASE/SCIM",
  ],
};
