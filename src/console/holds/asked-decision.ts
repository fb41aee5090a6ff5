import { indexedReads } from "../../companies/split-long-reads.ts";
import type { HoldRecord } from "../../holds/hold-store.ts";
import { selectIsAboutAnybody } from "../../holds/open-hold-counts-store.ts";
import { runRead } from "../../platform/read-batch.ts";
import { PREVIEW } from "../../previews/preview-change.ts";
import { type HeldFigures, readHeldFigures } from "../../previews/preview-release.ts";
import type { ConsoleContext } from "../console-env.ts";
import { findMoment } from "../count-shown-in-form.ts";
import type { Values } from "../read-form.ts";
import { Refused } from "../refused.ts";
import { searchOf } from "../search-in-share.ts";
import { countOf } from "../views/moments-and-counts.tsx";
import { requireHold } from "./hold-page.tsx";

/** People that a decision may name in a form: those of one page. */
const MOST_NAMED = 200;
/** Of so many who wait the numbers are in the page; of more they come after it. */
const COUNTED_AT_ONCE = 1_000;

/** What a decision about a hold is about: the version that was shown, and those ticked, or (null) all. */
export interface Asked {
  version: number;
  userIds: string[] | null;
}

/** The hold of the path and what a decision about it carries out: null of all of many, unless it is asked for. */
export async function readDecision(c: ConsoleContext, asked: Asked, isAsked: boolean) {
  const hold = await requireHold(c);
  requireShown(hold, asked);
  const at = await findMoment(c, hold.people);
  const isLater = asked.userIds === null && hold.people > COUNTED_AT_ONCE && !isAsked;
  return { hold, at, figures: isLater ? null : requireSome(await readHeld(c, hold, asked)) };
}

/** The same with its numbers, however many they count. */
export async function countDecision(c: ConsoleContext, asked: Asked) {
  const hold = await requireHold(c);
  const at = await findMoment(c, hold.people);
  return { hold, at, figures: requireSome(await readHeld(c, hold, asked)) };
}

/** Refuses a decision about nobody, of all of whom no more is read than that there is somebody. */
export async function requireAnybody(c: ConsoleContext, hold: HoldRecord, asked: Asked): Promise<void> {
  requireShown(hold, asked);
  requireSome({ people: Number(await runRead(c.var.database, selectIsAboutAnybody(hold.key, asked))) });
}

/** The people of a decision in words. */
export function peopleIn({ people }: Pick<HeldFigures, "people">): string {
  return countOf(people, "person", "people");
}

/** Refuses a decision about nobody: what it was about has dissolved, or was decided, since the page was shown. */
export function requireSome<Figures extends { people: number }>(figures: Figures): Figures {
  if (figures.people > 0) return figures;
  throw new Refused(
    409,
    "Nothing of this waits any more",
    "Nothing was changed. It has come back by itself, or was decided, since the page was shown. Open the hold again to see what waits now.",
  );
}

/** What a decision carries out, in numbers; refused for a version that was never shown. */
export async function readHeld(c: ConsoleContext, hold: HoldRecord, { version, userIds }: Asked): Promise<HeldFigures> {
  requireShown(hold, { version, userIds });
  const about = { companyKey: c.var.company.key, holdKey: hold.key, version, userIds };
  // Of those who are named an index leads to each; of all it looks at everybody who waits.
  return userIds === null
    ? searchOf(c)(PREVIEW, (reads) => readHeldFigures(reads, about))
    : readHeldFigures(indexedReads(c.var.database), about);
}

/** What a decision is about, by its query or form: the version that was shown, and the people ticked, or all. */
export function readAsked({ version, users, of }: Values, ticked?: readonly string[]): Asked {
  if (version === undefined || !/^\d{1,15}$/.test(version))
    throw new Refused(400, "This page needs a hold’s version", "Open the hold again and decide from there.");
  return { version: Number(version), userIds: readNamed({ users, of }, ticked) };
}

/** The people that a form names, or null for all; one of ticked people without any is refused, since it would mean all. */
export function readNamed(
  { users, of }: { users?: string | undefined; of?: string | undefined },
  ticked?: readonly string[],
): string[] | null {
  const named = [...new Set((ticked ?? users?.split(",") ?? []).filter((id) => id !== ""))].slice(0, MOST_NAMED);
  if (named.length > 0) return named;
  if (of !== "ticked" && users === undefined) return null;
  throw new Refused(422, "Nobody is ticked", "Nothing was changed. Go back, tick people, and try again.");
}

/** What a decision is about, as its form carries it along. */
export function toValues({ version, userIds }: Asked): Record<string, string | undefined> {
  return { version: String(version), users: userIds?.join(",") };
}

function requireShown(hold: HoldRecord, { version }: Asked): void {
  if (version > hold.version)
    throw new Refused(
      409,
      "This version of the hold was never shown",
      `Nothing was changed. The hold is at version ${hold.version}: open it again and decide from there.`,
    );
}
