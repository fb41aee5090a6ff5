import type { Batch } from "../holds/count-losses-against-limit.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import type { OperationContext } from "./operation-context.ts";

/** How a setting's brake stands: nothing lost, where there is no row yet. */
export function brakeOf({ unit }: OperationContext, setting: WriterSetting) {
  return unit.brakes.get(setting.key) ?? { counts: {}, activeUsers: 0 };
}

/** Puts these counters of a setting's brake in the place of theirs. */
export function setCounts(context: OperationContext, setting: WriterSetting, counts: Record<string, Batch[]>): void {
  const brake = brakeOf(context, setting);
  context.unit.brakes.set(setting.key, { ...brake, counts: { ...brake.counts, ...counts } });
}
