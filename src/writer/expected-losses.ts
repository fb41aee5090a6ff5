import { countLosses, EXPECTED, type Loss } from "../holds/count-losses-against-limit.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import { brakeOf, setCounts } from "./counts-of-brake.ts";
import type { OperationContext } from "./operation-context.ts";

/** Counts a loss as one of those that an admin expects; false, and nothing is counted, where it is none of them. */
export function countAsExpected(context: OperationContext, setting: WriterSetting, loss: Loss): boolean {
  if (expectedLeft(context, setting) === 0) return false;
  const until = setting.expected?.until ?? 0;
  const known = brakeOf(context, setting).counts[EXPECTED]?.filter(({ at }) => at === until) ?? [];
  const [batch = { at: until, base: 0, losses: [], more: 0 }] = known;
  if (!batch.losses.some(({ userKey }) => userKey === loss.userKey))
    setCounts(context, setting, { [EXPECTED]: [{ ...batch, losses: [...batch.losses, { ...loss, lost: null }] }] });
  return true;
}

/** How many of the expected losses are still to come. */
export function expectedLeft(context: OperationContext, setting: WriterSetting): number {
  const { expected } = setting;
  if (expected === null || context.unit.now >= expected.until) return 0;
  const known = brakeOf(context, setting).counts[EXPECTED]?.filter(({ at }) => at === expected.until) ?? [];
  return Math.max(0, expected.people - countLosses(known));
}
