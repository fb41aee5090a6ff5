import { clientInput, clientSecretInput, trustInput } from "../../settings/oauth-client-input.ts";
import { pageShape } from "../answer-shapes.ts";
import { clientShape, newClientSecretShape, newClientShape, trustShape } from "../client-shapes.ts";
import { pageQuery } from "../pagination.ts";
import { SETTING_PATH, tagged } from "./described-operation.ts";

/** The routes of OAuth clients and trusts. */
export const CLIENT_OPERATIONS = tagged("OAuth", [
  {
    route: `GET ${SETTING_PATH}/clients`,
    summary: "List a setting's OAuth clients with their secrets, live and deleted",
    query: pageQuery,
    answer: pageShape(clientShape),
  },
  {
    route: `POST ${SETTING_PATH}/clients`,
    summary: "Make an OAuth client; only this answer carries its first secret",
    description: "The secret ends in two years unless `expiresAt` says otherwise, within ten years.",
    body: clientInput,
    status: 201,
    answer: newClientShape,
  },
  {
    route: `GET ${SETTING_PATH}/clients/{clientId}`,
    summary: "One OAuth client with its secrets",
    answer: clientShape,
  },
  {
    route: `DELETE ${SETTING_PATH}/clients/{clientId}`,
    summary: "Delete an OAuth client; its access tokens end with the next request",
  },
  {
    route: `POST ${SETTING_PATH}/clients/{clientId}/secrets`,
    summary: "Make a further secret of a client; only this answer carries it",
    description:
      "A client has up to five live secrets, so that one can follow another; with five it is 409 `too_many_secrets`.",
    body: clientSecretInput,
    status: 201,
    answer: newClientSecretShape,
  },
  {
    route: `DELETE ${SETTING_PATH}/clients/{clientId}/secrets/{secretId}`,
    summary: "Delete a secret of a client; its access tokens end with the next request",
  },
  {
    route: `GET ${SETTING_PATH}/trusts`,
    summary: "List a setting's trusts (workload identity federation), live and deleted",
    query: pageQuery,
    answer: pageShape(trustShape),
  },
  {
    route: `POST ${SETTING_PATH}/trusts`,
    summary: "Trust what another issuer signs for one subject and audience",
    description:
      "`jwksUrl`, where the issuer's keys are, follows from an issuer of Microsoft Entra and may be left out. The issuer is kept in small letters, as Entra writes it, and has nothing after tenant and version.",
    body: trustInput,
    status: 201,
    answer: trustShape,
  },
  { route: `GET ${SETTING_PATH}/trusts/{trustId}`, summary: "One trust", answer: trustShape },
  {
    route: `DELETE ${SETTING_PATH}/trusts/{trustId}`,
    summary: "Delete a trust; its access tokens end with the next request",
  },
]);
