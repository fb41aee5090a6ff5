import { goLiveInput, settingChange, settingInput } from "../../settings/setting-input.ts";
import { tokenInput } from "../../settings/token-input.ts";
import { pageShape } from "../answer-shapes.ts";
import { pageQuery } from "../pagination.ts";
import { deletionPreviewShape, previewShape } from "../preview-shapes.ts";
import { deletionQuery } from "../scim-settings.ts";
import { deletionPreviewInput, pauseQuery } from "../setting-actions.ts";
import { newSettingShape, newTokenShape, settingShape, tokenShape } from "../setting-shapes.ts";
import { COMPANY_PATH, SETTING_PATH, tagged } from "./described-operation.ts";

/** The routes of SCIM settings. */
export const SETTING_OPERATIONS = tagged("SCIM settings", [
  {
    route: `GET ${COMPANY_PATH}/scim-settings`,
    summary: "List the SCIM settings",
    query: pageQuery,
    answer: pageShape(settingShape),
  },
  {
    route: `POST ${COMPANY_PATH}/scim-settings`,
    summary: "Make a SCIM setting; the answer carries its first token's secret, and no other does",
    body: settingInput,
    status: 201,
    answer: newSettingShape,
  },
  { route: `GET ${SETTING_PATH}`, summary: "One SCIM setting", answer: settingShape },
  {
    route: `PATCH ${SETTING_PATH}`,
    summary: "Change a SCIM setting; members given replace the old ones whole",
    description:
      "`dialect` is merged: switches left out stay. Another `provider` changes the set-up guide and nothing else.",
    body: settingChange,
    answer: settingShape,
  },
  {
    route: `DELETE ${SETTING_PATH}`,
    summary: "Delete a SCIM setting, keeping its users (the default) or removing them",
    description: "Users in shadow are no target users yet that could be kept: they are removed in any case.",
    query: deletionQuery,
  },
  {
    route: `POST ${SETTING_PATH}/pause`,
    summary: "Pause: its tokens answer 403",
    query: pauseQuery,
    answer: settingShape,
  },
  { route: `POST ${SETTING_PATH}/resume`, summary: "Resume a paused setting", answer: settingShape },
  {
    route: `POST ${SETTING_PATH}/go-live`,
    summary: "Have a setting in shadow go live",
    description:
      "Planned anew and done in steps; the answer may come before the last. `version` is that of `shadow` of the setting that was looked at: 409 `setting_changed` when its configuration has changed since. One that is live stays as it is.",
    body: goLiveInput,
    answer: settingShape,
  },
  {
    route: `POST ${SETTING_PATH}/preview`,
    summary: "Who would join and leave what, were the change applied",
    description:
      "Of a setting in shadow: what going live with the change would do, since the change alone moves nobody.",
    query: pageQuery,
    body: settingChange,
    answer: previewShape,
  },
  {
    route: `POST ${SETTING_PATH}/preview-deletion`,
    summary: "What the deletion of the setting would do to its people",
    body: deletionPreviewInput,
    answer: deletionPreviewShape,
  },
]);

/** The routes of settings' tokens. */
export const TOKEN_OPERATIONS = tagged("Tokens", [
  {
    route: `GET ${SETTING_PATH}/tokens`,
    summary: "List a setting's tokens, live and revoked",
    query: pageQuery,
    answer: pageShape(tokenShape),
  },
  {
    route: `POST ${SETTING_PATH}/tokens`,
    summary: "Make a further token; only this answer carries its secret",
    body: tokenInput,
    status: 201,
    answer: newTokenShape,
  },
  { route: `DELETE ${SETTING_PATH}/tokens/{tokenId}`, summary: "Revoke a token, from the next request on" },
]);
