import { ANNOUNCED, countLosses, type Loss } from "../holds/count-losses-against-limit.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import { brakeOf, setCounts } from "./counts-of-brake.ts";
import type { OperationContext } from "./operation-context.ts";

/** Whether a loss is one of those that an admin has announced; it is counted as such. */
export function isAnnounced(context: OperationContext, setting: WriterSetting, loss: Loss): boolean {
  if (expectedLeft(context, setting) === 0) return false;
  const until = setting.expected?.until ?? 0;
  const known = brakeOf(context, setting).counts[ANNOUNCED]?.filter(({ at }) => at === until) ?? [];
  const [batch = { at: until, base: 0, losses: [], more: 0 }] = known;
  if (!batch.losses.some(({ userKey }) => userKey === loss.userKey))
    setCounts(context, setting, { [ANNOUNCED]: [{ ...batch, losses: [...batch.losses, { ...loss, lost: null }] }] });
  return true;
}

/** How many of the announced losses are still to come. */
export function expectedLeft(context: OperationContext, setting: WriterSetting): number {
  const { expected } = setting;
  if (expected === null || context.unit.now >= expected.until) return 0;
  const known = brakeOf(context, setting).counts[ANNOUNCED]?.filter(({ at }) => at === expected.until) ?? [];
  return Math.max(0, expected.people - countLosses(known));
}
