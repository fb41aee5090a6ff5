import { ShareUsedUp } from "../../companies/read-in-share.ts";
import { type AppliedCounts, countApplied } from "../../holds/applied-before-hold-store.ts";
import { type HoldRecord, selectUnderWay } from "../../holds/hold-store.ts";
import { runRead } from "../../platform/read-batch.ts";
import type { ConsoleContext } from "../console-env.ts";
import { searchOf } from "../search-in-share.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { Counts, countOf } from "../views/moments-and-counts.tsx";
import { Notice } from "../views/pills-notices-pager.tsx";

/** How far the decisions about a hold are. */
interface HoldProgress {
  /** Null where nobody could count it for now: the page is there without it. */
  applied: AppliedCounts | null;
  /** Whether something is being carried out still. */
  isUnderWay: boolean;
}

/** How far the decisions about a hold are, counted within the company's share. */
export async function readProgress(c: ConsoleContext, hold: HoldRecord): Promise<HoldProgress> {
  const underWay = await runRead(c.var.database, selectUnderWay(c.var.company.key, hold.key));
  return { applied: await findApplied(c, hold), isUnderWay: underWay.length > 0 };
}

/** For how many something was carried out before a hold opened, or null where the share for counting is used up. */
export async function findApplied(c: ConsoleContext, { key }: HoldRecord): Promise<AppliedCounts | null> {
  try {
    return await countApplied(key, searchOf(c));
  } catch (error) {
    if (error instanceof ShareUsedUp) return null;
    throw error;
  }
}

/** Says what was decided, and that it is under way for as long as it is. */
export function ProgressNotice({ done, progress }: { done: string | undefined; progress: HoldProgress }) {
  const { applied, isUnderWay } = progress;
  const sentence = sentenceOf(done, applied, isUnderWay);
  if (sentence === null && !isUnderWay) return <DoneNotice done={done} />;
  return (
    <Notice isFirst={sentence !== null}>
      {sentence ?? "A decision is being carried out."}
      {isUnderWay && " It is done in steps. Load this page again to see how far it is."}
    </Notice>
  );
}

function sentenceOf(done: string | undefined, applied: AppliedCounts | null, isUnderWay: boolean): string | null {
  if (done === "released") return isUnderWay ? "Released." : "Released: it is carried out.";
  if (done === "kept") return "Kept: those it was about stay as they are.";
  if (done !== "undone") return null;
  if (isUnderWay) return "What was carried out before is being undone.";
  return applied === null ? "Undone." : `Undone for ${countOf(applied.undone, "person", "people")}.`;
}

/** A hold in numbers: who waits, what was decided, and what came before it. */
export function HoldCounts({ hold, applied }: { hold: HoldRecord; applied: AppliedCounts | null }) {
  const { people, released, kept, dissolved } = hold;
  const counts: (readonly [string, number])[] = [
    ["Waiting", people],
    ["Released", released],
    ["Kept", kept],
    ["Came back by themselves", dissolved],
    ...(applied === null || applied.people === 0
      ? []
      : [["Before it tripped", applied.people] as const, ["Of these undone", applied.undone] as const]),
  ];
  return <Counts of={counts} />;
}
