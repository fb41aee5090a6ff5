import type { Sql } from "../platform/sql.ts";
import { planErasure } from "./erase-traces.ts";
import { planLostNames } from "./lost-names.ts";
import type { UnitOfWork } from "./unit-of-work.ts";
import { planAttributeRows } from "./write-attributes.ts";
import { planDirectoryRows } from "./write-directory.ts";
import { planFeedRows } from "./write-feed.ts";
import { planHoldRows } from "./write-holds.ts";
import { planSettingRows } from "./write-settings.ts";
import { planTargetRows } from "./write-targets.ts";

/** Everything of a unit of work that differs from what was read, as statements. */
export function planRows(unit: UnitOfWork): Sql[] {
  return [
    ...planDirectoryRows(unit),
    ...planAttributeRows(unit),
    ...planTargetRows(unit),
    ...planLostNames(unit),
    ...unit.statements,
    ...planFeedRows(unit),
    ...planSettingRows(unit),
    ...planHoldRows(unit),
    ...unit.config.sightings.plan(unit),
    ...planErasure(unit),
  ];
}
