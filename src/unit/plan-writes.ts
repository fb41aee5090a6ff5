import type { Sql } from "../platform/sql.ts";
import { planErasure } from "./erase-person-traces.ts";
import { planLostNames } from "./names-lost-by-folding.ts";
import type { UnitOfWork } from "./unit-of-work.ts";
import { planAlertRows } from "./write-alerts.ts";
import { planAttributeRows } from "./write-attribute-indexes.ts";
import { planFeedRows } from "./write-feed.ts";
import { planHoldRows } from "./write-holds.ts";
import { planItemCounts } from "./write-item-counts.ts";
import { planLogRows } from "./write-log.ts";
import { planSettingRows } from "./write-setting-counts.ts";
import { planTargetRows } from "./write-target-groups-and-enrolments.ts";
import { planDirectoryRows } from "./write-users-and-groups.ts";

/** Everything of a unit of work that differs from what was read, as statements. */
export function planRows(unit: UnitOfWork): Sql[] {
  return [
    ...planDirectoryRows(unit),
    ...planAttributeRows(unit),
    ...planTargetRows(unit),
    ...planItemCounts(unit),
    ...planLostNames(unit),
    ...unit.statements,
    ...planFeedRows(unit),
    ...planLogRows(unit),
    ...planSettingRows(unit),
    ...planHoldRows(unit),
    ...planAlertRows(unit),
    ...unit.config.sightings.plan(unit),
    ...planErasure(unit),
  ];
}
