import { groupedByField, ONE_GROUP_FOR_ALL } from "../grouped-by-field.ts";
import type { Guide } from "../guide.ts";
import { SCIM_PATHS, USUAL_PATHS } from "../scim-paths.ts";

/** Apache Syncope, whose SCIM client is the SCIM bundle of ConnId. */
export const syncopeGuide: Guide = {
  provider: "syncope",
  name: "Apache Syncope",
  signIn: ["token"],
  groupings: {
    idp: "Syncope sends the groups that have the resource; a PUT of one without members leaves its members here as they are.",
    field: "Syncope sends what its mapping holds: the field has to be in it.",
  },
  prerequisites: [
    "An administrator of the Syncope console.",
    "The ConnId SCIM bundle among Syncope’s connector bundles.",
  ],
  steps: [
    {
      title: "Connect it to Rollcall",
      where: "Syncope Admin Console › Topology › the connector location › Add new connector",
      actions: [
        "Choose the bundle `net.tirasa.connid.bundles.scim` and **SCIM v2 Connector**.",
        "Fill in the values below, and **Accept** and **Content-Type** with `application/scim+json`.",
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
        { grouping: ["none", "field"], text: "Provision `USER` as `__ACCOUNT__`. Groups are not used here." },
        {
          grouping: "idp",
          text: "Provision `USER` as `__ACCOUNT__` and `GROUP` as `__GROUP__`: each group becomes a target group of its name.",
        },
        "Map `userName`, `name.givenName`, `name.familyName`, one of `emails` and **`active`**: without the last nobody is deactivated here.",
        groupedByField("map the attribute that holds it to this path."),
        ONE_GROUP_FOR_ALL,
        "Map `externalId` too where you have one. Correlate by `userName` or `externalId`, so that people who are here already are found.",
      ],
      note: "**Update User method** PUT sends all that is mapped each time; what is not mapped is taken away here. PATCH changes what has changed.",
    },
    {
      title: "Bring people in",
      where: "Topology › the resource › Push tasks",
      actions: [
        { grouping: ["none", "field"], text: "Assign the resource to the users who are to be trained." },
        { grouping: "idp", text: "Assign the resource to the users who are to be trained, and to their groups." },
        "Make a push task for those who are there already and run it.",
      ],
    },
  ],
  sendOne: [
    "Under **Realms › Users** edit one person, add the resource under **Resources**, and **Finish**: the result shows whether it was propagated.",
    { grouping: "idp", text: "Then do the same for one group of theirs, under **Realms › Groups**." },
  ],
  nothingCame: [
    "Does the connector’s **Check** succeed, and has it the capabilities to create and to search?",
    "**Topology › the resource › Propagation tasks** holds each attempt with what it failed by.",
    "Is a propagation action or an approval in front of it?",
  ],
  test: [
    { grouping: "field", text: "Change the person’s “{groupField}”: they move to the other target group." },
    { grouping: "idp", text: "Take the person out of the group: they leave its target group." },
    "Suspend them: they become inactive here.",
  ],
  mistakes: [
    {
      looks: "A person suspended in Syncope stays active here.",
      means: "`active` is not mapped.",
      fix: "Map it in the provision rules.",
    },
    {
      codes: ["user_name_taken"],
      looks: "`POST /Users` answered with 409 `uniqueness`.",
      means: "The person is here already, and Syncope did not look for them.",
      fix: "Correlate by `userName` or `externalId`.",
    },
    {
      codes: ["rate_limited"],
      looks: "A request answered with 429 or 503, and never sent again.",
      means: "The connector does not retry.",
      fix: "Run the push task again; it makes good what is missing.",
    },
  ],
  paths: [...USUAL_PATHS, SCIM_PATHS.costCenter, SCIM_PATHS.employeeNumber],
  limits: [
    {
      grouping: "idp",
      text: "A PUT of a group without members leaves its members as they are: ConnId means “unchanged” by it.",
    },
    "A change of nothing but groups sends an empty PATCH of the user first; it changes nothing here.",
  ],
  sources: [
    { title: "The SCIM bundle of ConnId", url: "https://github.com/Tirasa/ConnIdSCIMBundle" },
    { title: "Apache Syncope: Reference guide", url: "https://syncope.apache.org/docs/reference-guide.html" },
    { title: "ConnId: SCIM", url: "https://connid.atlassian.net/wiki/display/BASE/SCIM" },
  ],
};
