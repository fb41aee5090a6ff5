import { clientInput, clientSecretInput, trustInput } from "../../settings/oauth-client-input.ts";
import { pageShape } from "../answer-shapes.ts";
import { clientShape, newClientSecretShape, newClientShape, trustShape } from "../client-shapes.ts";
import { pageQuery } from "../pagination.ts";
import { SETTING, tagged } from "./described-operation.ts";

/** The routes of OAuth clients and trusts. */
export const CLIENT_OPERATIONS = tagged("OAuth", [
  {
    route: `GET ${SETTING}/clients`,
    summary: "List a setting's OAuth clients with their secrets, live and deleted",
    query: pageQuery,
    answer: pageShape(clientShape),
  },
  {
    route: `POST ${SETTING}/clients`,
    summary: "Make an OAuth client; only this answer carries its first secret",
    description: "The secret ends in two years unless `expiresAt` says otherwise, within ten years.",
    body: clientInput,
    status: 201,
    answer: newClientShape,
  },
  {
    route: `GET ${SETTING}/clients/{clientId}`,
    summary: "One OAuth client with its secrets",
    answer: clientShape,
  },
  {
    route: `DELETE ${SETTING}/clients/{clientId}`,
    summary: "Delete an OAuth client; its access tokens end with the next request",
  },
  {
    route: `POST ${SETTING}/clients/{clientId}/secrets`,
    summary: "Make a further secret of a client; only this answer carries it",
    description:
      "A client has up to five live secrets, so that one can follow another; with five it is 409 `too_many_secrets`.",
    body: clientSecretInput,
    status: 201,
    answer: newClientSecretShape,
  },
  {
    route: `DELETE ${SETTING}/clients/{clientId}/secrets/{secretId}`,
    summary: "Delete a secret of a client; its access tokens end with the next request",
  },
  {
    route: `GET ${SETTING}/trusts`,
    summary: "List a setting's trusts (workload identity federation), live and deleted",
    query: pageQuery,
    answer: pageShape(trustShape),
  },
  {
    route: `POST ${SETTING}/trusts`,
    summary: "Trust what another issuer signs for one subject and audience",
    description:
      "`jwksUrl`, where the issuer's keys are, follows from an issuer of Microsoft Entra and may be left out. The issuer is kept in small letters, as Entra writes it, and has nothing after tenant and version.",
    body: trustInput,
    status: 201,
    answer: trustShape,
  },
  { route: `GET ${SETTING}/trusts/{trustId}`, summary: "One trust", answer: trustShape },
  {
    route: `DELETE ${SETTING}/trusts/{trustId}`,
    summary: "Delete a trust; its access tokens end with the next request",
  },
]);
