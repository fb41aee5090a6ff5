import type { HeldPerson } from "../../holds/hold-store.ts";
import type { HeldFigures } from "../../previews/preview-release.ts";
import type { SafeguardKind } from "../../settings/safeguards.ts";
import { capital } from "../views/curly-quotes.ts";
import { countOf } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";

const OUT_OF_GROUPS = "take many people out of their target groups";

/** What a hold of each kind is called, what it stopped, and what that would do to many people at once. */
export const HOLD_WORDS: Record<SafeguardKind, { title: string; what: string; would: string }> = {
  leavers: {
    title: "Many people leaving",
    what: "The identity provider deactivated or deleted many people within an hour, or took them out of all their groups.",
    would: "set many people inactive, remove them or take them out of all their target groups",
  },
  emptied: {
    title: "A grouping field emptied",
    what: "The field by which people are grouped went from a value to none for many people within an hour.",
    would: OUT_OF_GROUPS,
  },
  moves: {
    title: "Many people changing groups",
    what: "The value by which people are grouped changed for many people within an hour, or a group was renamed. Each move waits as a whole: nobody is in neither group.",
    would: "move many people to other target groups",
  },
  group: {
    title: "A target group losing its members",
    what: "One target group would have lost many of its members within an hour.",
    would: OUT_OF_GROUPS,
  },
};

/** What holds of one kind, or (null) of several, would do at once. */
export function wouldOf(kind: SafeguardKind | null): string {
  return kind === null ? OUT_OF_GROUPS : HOLD_WORDS[kind].would;
}

/** Until when those of a decision stay once they are kept, as a sentence; none of people deleted, whom nothing leads any more. */
export function lastingOf(kind: SafeguardKind, { people, deactivated, deleted }: HeldFigures): string {
  if (deleted === people) return "";
  const again = kind === "leavers" && deactivated > 0 ? ACTIVE_AGAIN : BACK_AGAIN[kind];
  return ` It lasts until that difference has gone and come again: somebody ${again} follows as usual.`;
}

const ACTIVE_AGAIN = "who is active there again and then inactive";
const BACK_AGAIN: Record<SafeguardKind, string> = {
  leavers: "who is in a group there again and then in none",
  emptied: "whose field has a value there again and then loses it",
  moves: "who has the former value there again and then another",
  group: "who is in the group there again and then out of it",
};

/** How many people wait, as the start of a sentence. */
export function describeWaiting(people: number): string {
  return `${countOf(people, "person waits", "people wait")}`;
}

/** Whether nothing of somebody waits any more: an admin kept it. */
export function isPersonKept({ status, groups }: HeldPerson): boolean {
  return status === null ? groups.every(({ version }) => version === null) : status.version === null;
}

/** What would be carried out about somebody, in words; of many target groups only the first `most` are named. */
export function describeEffect({ status, groups }: HeldPerson, most = groups.length): string {
  const names = groups.map(({ name, to }) => (to === null ? name : `${name} and into ${to}`));
  const others = names.length - most;
  const shown = others > 0 ? `${names.slice(0, most).join(", ")} and ${others} more` : names.join(", ");
  const leaves = names.length === 0 ? "" : `out of ${shown}`;
  if (status === null) return capital(leaves);
  const end = status.as === "deleted" ? "Removed" : "Set inactive";
  return leaves === "" ? end : `${end}, ${leaves}`;
}

/** Whether something waits or was kept. */
export function HeldPill({ waits }: { waits: boolean }) {
  return waits ? <Pill tone="warn">Waits</Pill> : <Pill>Kept</Pill>;
}
