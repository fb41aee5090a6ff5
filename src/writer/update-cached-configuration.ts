import { cacheRowsOfCommit } from "../unit/cache-rows-of-commit.ts";
import type { CompanyConfig } from "../unit/company-config.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { memberDifferences } from "../unit/unit-rows.ts";
import { carryOnAlerts } from "./update-alerts.ts";

/** The configuration, and the rows cached with it, after a commit of data. */
export function advance(config: CompanyConfig, unit: UnitOfWork, commitId: string): CompanyConfig {
  config.lastUses.remember(config.lastUses.dueIn(unit), unit.now);
  config.sightings.remember(unit);
  config.lookups.remember(unit);
  carryOnAlerts(config, unit);
  config.targetGroups?.apply(unit.targetGroups.differences(), memberDifferences(unit));
  for (const { key, after } of unit.holds.differences())
    if (after?.status === "open") config.openHolds.set(key, after);
    else config.openHolds.delete(key);
  const alertsDueAt = unit.alertsDueAt === undefined ? config.alertsDueAt : unit.alertsDueAt;
  const hasEnrolments = config.hasEnrolments || unit.namedEnrolments.differences().length > 0;
  const { dueAt: enrolmentsDueAt } = unit;
  const [commitNo, itemsCountedBy] = [config.commitNo + 1, commitId];
  const cache = cacheRowsOfCommit(unit);
  return { ...config, commitNo, commitId, itemsCountedBy, alertsDueAt, enrolmentsDueAt, hasEnrolments, cache };
}
