import type { Guide } from "../guide.ts";
import { SCIM_PATHS } from "../scim-paths.ts";

/** Keycloak: a plug-in (of mitodl or pelotech) makes it a SCIM client; it sends none by itself. */
export const keycloakGuide: Guide = {
  provider: "keycloak",
  name: "Keycloak",
  signIn: ["token"],
  needs: [
    "Access to the server that Keycloak runs on: a SCIM client comes as a plug-in, `keycloak-scim` of mitodl or of pelotech.",
    "A realm administrator in the Admin Console.",
    "Grouping “synchronise groups” in this setting: the plug-ins send no department.",
  ],
  steps: [
    {
      title: "Install the plug-in",
      where: "The server's command line",
      actions: [
        "Put the plug-in's jar into the folder `providers/` of Keycloak.",
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
        "Choose **Sync all users**: it sends the people and groups that are there already.",
        "Turn on a periodic full sync: sub-groups, and people whose e-mail is not verified, are sent by it only.",
      ],
    },
  ],
  test: [
    "Make a person with a verified e-mail: they appear under People here.",
    "Put them into a group: the target group of that name has them.",
    "Disable them: they become inactive here.",
  ],
  mistakes: [
    {
      looks: "A new person does not arrive, though events are on.",
      means: "Their e-mail is not verified: the plug-in sends only people with a verified one on events.",
      fix: "Verify the e-mail, or run **Sync all users**.",
    },
    {
      looks: "`POST …` answered with 409 `uniqueness`, and nothing after it.",
      means: "Somebody, or a group, of that name is here already: a 409 ends the plug-in's full sync.",
      fix: "Remove or rename the one here, then sync again.",
    },
    {
      looks: "`PUT /Groups/…` with a note that members were kept.",
      means: "The plug-in leaves members out when the last one goes, and this setting takes that as no change.",
      fix: "On this setting's page, under How requests are read, let a PUT without members empty the group.",
    },
    {
      looks: "Only `GET /ServiceProviderConfig`, then nothing.",
      means: "The plug-in stops at a part of the answer that it does not know, pagination.",
      fix: "On this setting's page, under How requests are read, hide pagination.",
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
    "No department is sent: group by “synchronise groups”, or put everybody into one group.",
    "Sub-groups are sent by the full sync only.",
    "What Keycloak could not send while Rollcall was not reached comes with the next full sync.",
  ],
  sources: [
    "https://github.com/mitodl/keycloak-scim",
    "https://github.com/pelotech/keycloak-scim",
    "https://www.keycloak.org/server/configuration-provider",
  ],
};
