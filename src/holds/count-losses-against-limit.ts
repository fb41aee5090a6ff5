import type { ReasonKind } from "../grouping/target-group.ts";
import type { Limit, SafeguardKind } from "../settings/safeguards.ts";

/** How long losses are counted together (ms). */
export const WINDOW = 3_600_000;

/** Somebody who was lost: out of a target group by a reason that went, or (without one) set inactive or deleted. */
export interface Loss {
  userKey: number;
  lost: { targetGroupKey: number; kind: ReasonKind; sourceKey: number; detail: string } | null;
}

/** What was lost at one moment (ms), and of how many people just before it. */
export interface Batch {
  at: number;
  base: number;
  losses: Loss[];
  /** Losses that are known only by number, since their persons fitted no row. */
  more: number;
}

/** The losses of the last hour by counter, oldest first. */
export type LossCounts = Record<string, readonly Batch[]>;

/** Names the counter of a kind; each target group has one of its own. */
export function counterOf(kind: SafeguardKind, targetGroupKey: number): string {
  return kind === "group" ? `group ${targetGroupKey}` : kind;
}

/** Those of the last hour before `now`. */
export function inWindow(batches: readonly Batch[] = [], now: number): readonly Batch[] {
  const [first] = batches;
  if (first === undefined || first.at > now - WINDOW) return batches;
  return batches.filter(({ at }) => at > now - WINDOW);
}

/** How many were lost. */
export function countLosses(batches: readonly Batch[]): number {
  return batches.reduce((sum, { losses, more }) => sum + losses.length + more, 0);
}

/** Whether a loss of so many out of so many is over a limit: both numbers are exceeded. */
export function isOver({ people, percent }: Limit, lost: number, base: number): boolean {
  return lost > people && lost * 100 > base * percent;
}

/** Counts a loss, each person once; `base` is how many there are just before it. Null when the person is counted already. */
export function addLoss(
  batches: readonly Batch[] = [],
  loss: Loss,
  { now, base }: { now: number; base: () => number },
): Batch[] | null {
  const known = inWindow(batches, now);
  const isSame = ({ userKey }: Loss) => userKey === loss.userKey;
  if (known.some(({ losses }) => losses.some(isSame))) return null;
  const last = known.at(-1);
  const batch = last?.at === now ? last : { at: now, base: base(), losses: [], more: 0 };
  const grown = { ...batch, losses: [...batch.losses, loss] };
  return [...(last?.at === now ? known.slice(0, -1) : known), grown];
}

/** Removes the loss of somebody who is back; null when the person is not counted, or was lost in a way that `isBack` does not undo. */
export function removeLoss(
  batches: readonly Batch[] | undefined,
  userKey: number,
  isBack: (loss: Loss) => boolean,
): Batch[] | null {
  const isOff = (loss: Loss) => loss.userKey === userKey && isBack(loss);
  const index = batches?.findIndex(({ losses }) => losses.some(isOff)) ?? -1;
  const batch = batches?.[index];
  if (batches === undefined || batch === undefined) return null;
  const left = { ...batch, losses: batch.losses.filter((loss) => !isOff(loss)) };
  const isEmpty = left.losses.length + left.more === 0;
  return isEmpty ? batches.toSpliced(index, 1) : batches.with(index, left);
}

/** The counter of losses that an admin expects, as it is stored; it ends with what is expected, not with the hour. */
export const EXPECTED = "announced";

/** What is worth keeping of counts. */
export function present(counts: LossCounts, now: number): LossCounts {
  const kept = Object.entries(counts).map(([name, batches]): [string, readonly Batch[]] => [
    name,
    name === EXPECTED ? batches : inWindow(batches, now),
  ]);
  return Object.fromEntries(kept.filter(([, batches]) => batches.length > 0));
}
