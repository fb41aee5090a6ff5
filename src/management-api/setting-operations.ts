import { settingChange, settingInput } from "../settings/setting-input.ts";
import { tokenInput } from "../settings/token-input.ts";
import { pageShape } from "./answer-shapes.ts";
import { COMPANY, SETTING, tagged } from "./described-operation.ts";
import { pageQuery } from "./pagination.ts";
import { previewShape } from "./preview-shapes.ts";
import { deletionInput } from "./scim-settings.ts";
import { newSettingShape, newTokenShape, settingShape, tokenShape } from "./setting-shapes.ts";

/** The routes of SCIM settings. */
export const SETTING_OPERATIONS = tagged("SCIM settings", [
  {
    route: `GET ${COMPANY}/scim-settings`,
    summary: "List the SCIM settings",
    query: pageQuery,
    answer: pageShape(settingShape),
  },
  {
    route: `POST ${COMPANY}/scim-settings`,
    summary: "Make a SCIM setting; the answer carries its first token's secret, and no other does",
    body: settingInput,
    status: 201,
    answer: newSettingShape,
  },
  { route: `GET ${SETTING}`, summary: "One SCIM setting", answer: settingShape },
  {
    route: `PATCH ${SETTING}`,
    summary: "Change a SCIM setting; members given replace the old ones whole",
    description:
      "`dialect` is merged: switches left out stay. Another `provider` changes the set-up guide and nothing else.",
    body: settingChange,
    answer: settingShape,
  },
  {
    route: `DELETE ${SETTING}`,
    summary: "Delete a SCIM setting, keeping its users (the default) or removing them",
    query: deletionInput,
    body: deletionInput,
  },
  { route: `POST ${SETTING}/pause`, summary: "Pause: its tokens answer 403", answer: settingShape },
  { route: `POST ${SETTING}/resume`, summary: "Resume a paused setting", answer: settingShape },
  {
    route: `POST ${SETTING}/preview`,
    summary: "Who would join and leave what, were the change applied",
    query: pageQuery,
    body: settingChange,
    answer: previewShape,
  },
]);

/** The routes of settings' tokens. */
export const TOKEN_OPERATIONS = tagged("Tokens", [
  {
    route: `GET ${SETTING}/tokens`,
    summary: "List a setting's tokens, live and revoked",
    query: pageQuery,
    answer: pageShape(tokenShape),
  },
  {
    route: `POST ${SETTING}/tokens`,
    summary: "Make a further token; only this answer carries its secret",
    body: tokenInput,
    status: 201,
    answer: newTokenShape,
  },
  { route: `DELETE ${SETTING}/tokens/{tokenId}`, summary: "Revoke a token, from the next request on" },
]);
