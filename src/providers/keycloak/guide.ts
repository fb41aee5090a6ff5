import { ONE_GROUP_FOR_ALL } from "../grouped-by-field.ts";
import type { Guide } from "../guide.ts";
import { SCIM_PATHS } from "../scim-paths.ts";

/** Keycloak: a plug-in (of mitodl or pelotech) makes it a SCIM client; it sends none by itself. */
export const keycloakGuide: Guide = {
  provider: "keycloak",
  name: "Keycloak",
  signIn: ["token"],
  groupings: {
    field:
      "Keycloak’s plug-ins send no department and no other field to group by. Synchronise groups, or put everybody into one group.",
    idp: "The plug-ins send realm groups as they change; sub-groups only with a full sync.",
  },
  prerequisites: [
    "Access to the server that Keycloak runs on: a SCIM client comes as a plug-in, `keycloak-scim` of mitodl or of pelotech.",
    "A realm administrator in the Admin Console.",
    {
      grouping: "field",
      text: "**Another grouping in this setting**: the plug-ins do not fill `{groupPath}`, so that nobody would be in a target group by “{groupField}”. Synchronise groups, or put everybody into one group.",
    },
    ONE_GROUP_FOR_ALL,
  ],
  steps: [
    {
      title: "Install the plug-in",
      where: "The server’s command line",
      actions: [
        "Put the plug-in’s jar into the folder `providers/` of Keycloak.",
        "Run `bin/kc.sh build` and restart Keycloak.",
      ],
    },
    {
      title: "Let events be sent",
      where: "Admin Console › Realm settings › Events › Event listeners",
      actions: ["Add `scim` to the event listeners and **Save**: from now on changes are sent as they happen."],
    },
    {
      title: "Connect it to Rollcall",
      where: "Admin Console › User federation",
      actions: [
        "Choose **Add provider**, then **scim**.",
        "Fill in the values below. The endpoint has no slash at its end.",
        "Where the plug-in asks how to update (patchOp): **on for groups, off for users**.",
        "Leave **Enable import during sync** off. Never choose the import action **DELETE_REMOTE**: it deletes here whoever Keycloak does not know.",
        "Turn **Enable refresh during sync** on and **Save**.",
      ],
      values: [
        { label: "SCIM 2.0 endpoint", value: "{tenantUrl}" },
        { label: "Endpoint content type", value: "application/scim+json" },
        { label: "Auth mode", value: "BEARER" },
        { label: "Bearer token", value: "{token}" },
      ],
    },
    {
      title: "Bring everybody in",
      where: "The scim provider › Action",
      actions: [
        "Choose **Sync all users**: it sends those who are there already.",
        { grouping: "idp", text: "Their groups come with them, and become target groups of the same names." },
        "Turn on a periodic full sync: people whose e-mail is not verified are sent by it only.",
        { grouping: "idp", text: "Sub-groups, too, are sent by the full sync only." },
      ],
    },
  ],
  sendOne: [
    "Under **Users › Add user** make one person, tick **Email verified**, and **Create**. The event sends them at once.",
    { grouping: "idp", text: "Then join them to a group under **Groups** of the person." },
    {
      grouping: "field",
      text: "They will come without “{groupField}”: change this setting’s grouping first.",
    },
  ],
  nothingCame: [
    "Is `scim` among the event listeners, and saved?",
    "Is the person’s e-mail verified? Without it events send nobody; **Sync all users** does.",
    "The server’s own log says what the plug-in tried, and what it was answered.",
  ],
  test: [
    { grouping: "idp", text: "Take them out of the group: they leave the target group of that name." },
    "Disable them: they become inactive here.",
  ],
  mistakes: [
    {
      looks: "A new person does not arrive, though events are on.",
      means: "Their e-mail is not verified: the plug-in sends only people with a verified one on events.",
      fix: "Verify the e-mail, or run **Sync all users**.",
    },
    {
      codes: ["user_name_taken", "group_name_taken"],
      looks: "`POST …` answered with 409 `uniqueness`, and nothing after it.",
      means: "Somebody, or a group, of that name is here already: a 409 ends the plug-in’s full sync.",
      fix: "Remove or rename the one here, then sync again.",
    },
    {
      grouping: "idp",
      looks: "`PUT /Groups/…` with a note that members were kept.",
      means: "The plug-in leaves members out when the last one goes, and this setting takes that as no change.",
      fix: "On this setting’s page, under How requests are read, let a PUT without members empty the group.",
    },
    {
      looks: "Only `GET /ServiceProviderConfig`, then nothing.",
      means: "The plug-in stops at a part of the answer that it does not know, pagination.",
      fix: "On this setting’s page, under How requests are read, hide pagination.",
    },
  ],
  paths: [
    SCIM_PATHS.userName,
    SCIM_PATHS.displayName,
    SCIM_PATHS.workEmail,
    SCIM_PATHS.givenName,
    SCIM_PATHS.familyName,
  ],
  limits: [
    { grouping: "idp", text: "Sub-groups are sent by the full sync only." },
    "What Keycloak could not send while Rollcall was not reached comes with the next full sync.",
  ],
  sources: [
    { title: "The keycloak-scim plug-in of MIT Open Learning", url: "https://github.com/mitodl/keycloak-scim" },
    { title: "The keycloak-scim plug-in of Pelotech", url: "https://github.com/pelotech/keycloak-scim" },
    { title: "Keycloak: Configuring providers", url: "https://www.keycloak.org/server/configuration-provider" },
  ],
};
