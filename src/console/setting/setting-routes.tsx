import { Hono } from "hono";
import { findSetting, type SettingRecord } from "../../settings/setting-store.ts";
import type { ConsoleContext, ConsoleEnv } from "../console-env.ts";
import { perform } from "../perform-for-page.ts";
import { readValues } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href, ROUTES } from "../routes.ts";
import { deleteSetting, showDeletion, showDeletionFigures } from "./delete-setting-page.tsx";
import { applyDialect, showDialect } from "./dialect-page.tsx";
import { showGrouping, showMapping } from "./edit-mapping-and-grouping-pages.tsx";
import { exportPreview } from "./export-preview.ts";
import { goLive, showGoLive, showGoLiveFigures } from "./go-live-page.tsx";
import { pauseSetting, showPause } from "./pause-page.tsx";
import {
  applyGrouping,
  applyMapping,
  proposeGrouping,
  proposeMapping,
  showFigures,
  showPreview,
} from "./preview-page.tsx";
import { renameSetting, showRename } from "./rename-setting-page.tsx";
import { editSafeguards, showSafeguards } from "./safeguards-page.tsx";
import { showSetting } from "./setting-page.tsx";
import { showSettings } from "./settings-list.tsx";
import { showSetup } from "./setup-page.tsx";
import { exportShadow, showShadow, showShadowFigures } from "./shadow-page.tsx";
import { showArrival } from "./show-arrival.tsx";
import { createToken, showTokens } from "./tokens-page.tsx";

/** The routes of SCIM settings that are there. */
export function settingRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.settings, showSettings)
    .get(ROUTES.setting, showSetting)
    .get(ROUTES.renameSetting, async (c) => showRename(c, await requireSetting(c)))
    .post(ROUTES.renameSetting, async (c) => renameSetting(c, await requireSetting(c)))
    .get(ROUTES.setup, (c) => showSetup(c, c.req.param("settingId")))
    .get(ROUTES.live, async (c) => c.html(await showArrival(c, await requireSetting(c))))
    .get(ROUTES.mapping, (c) => showMapping(c))
    .get(ROUTES.mappingPreview, async (c) => showPreview(c, await proposeMapping(c)))
    .get(ROUTES.mappingCsv, async (c) => exportPreview(c, await proposeMapping(c)))
    .get(ROUTES.mappingFigures, async (c) => showFigures(c, await proposeMapping(c)))
    .post(ROUTES.mapping, async (c) => applyMapping(c, await requireSetting(c)))
    .get(ROUTES.grouping, (c) => showGrouping(c))
    .get(ROUTES.groupingPreview, async (c) => showPreview(c, await proposeGrouping(c)))
    .get(ROUTES.groupingCsv, async (c) => exportPreview(c, await proposeGrouping(c)))
    .get(ROUTES.groupingFigures, async (c) => showFigures(c, await proposeGrouping(c)))
    .post(ROUTES.grouping, async (c) => applyGrouping(c, await requireSetting(c)))
    .get(ROUTES.dialect, async (c) => showDialect(c, await requireSetting(c)))
    .post(ROUTES.dialect, async (c) => applyDialect(c, await requireSetting(c)))
    .get(ROUTES.tokens, (c) => showTokens(c))
    .post(ROUTES.tokens, async (c) => createToken(c, await requireSetting(c)))
    .get(ROUTES.safeguards, async (c) => showSafeguards(c, await requireSetting(c)))
    .post(ROUTES.safeguards, async (c) => editSafeguards(c, await requireSetting(c)))
    .post(ROUTES.dismissFailing, async (c) => dismissFailing(c, await requireSetting(c)))
    .get(ROUTES.pauseSetting, async (c) => showPause(c, await requireSetting(c)))
    .post(ROUTES.pauseSetting, async (c) => pauseSetting(c, await requireSetting(c)))
    .post(ROUTES.resumeSetting, async (c) => resumeSetting(c, await requireSetting(c)))
    .get(ROUTES.shadow, async (c) => showShadow(c, await requireSetting(c)))
    .get(ROUTES.shadowFigures, async (c) => showShadowFigures(c, await requireSetting(c)))
    .get(ROUTES.shadowCsv, async (c) => exportShadow(c, await requireSetting(c)))
    .get(ROUTES.goLive, async (c) => showGoLive(c, await requireSetting(c)))
    .get(ROUTES.goLiveFigures, async (c) => showGoLiveFigures(c, await requireSetting(c)))
    .post(ROUTES.goLive, async (c) => goLive(c, await requireSetting(c)))
    .get(ROUTES.deleteSetting, async (c) => showDeletion(c, await requireSetting(c)))
    .get(ROUTES.deletionFigures, async (c) => showDeletionFigures(c, await requireSetting(c)))
    .post(ROUTES.deleteSetting, async (c) => deleteSetting(c, await requireSetting(c)));
}

/** The company's setting of the path, or 404. */
async function requireSetting(c: ConsoleContext): Promise<SettingRecord> {
  const setting = await findSetting(c.var.database, c.var.company.key, c.req.param("settingId") ?? "");
  if (setting === null) throw notHere();
  return setting;
}

async function dismissFailing(c: ConsoleContext, setting: SettingRecord) {
  const { code = "" } = await readValues(c);
  await perform(c, { kind: "dismissFailing", settingId: setting.id, code }, setting);
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  return c.redirect(href("setting", ids, { done: "failing-dismissed" }), 303);
}

async function resumeSetting(c: ConsoleContext, setting: SettingRecord) {
  await perform(c, { kind: "resumeSetting", settingId: setting.id }, setting);
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  return c.redirect(href("setting", ids, { done: "resumed" }), 303);
}
