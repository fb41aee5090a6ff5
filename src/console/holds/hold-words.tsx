import type { HeldPerson } from "../../holds/hold-store.ts";
import type { SafeguardKind } from "../../settings/safeguards.ts";
import { capital } from "../views/curly-quotes.ts";
import { countOf } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";

/** What a hold of each kind is called, and what it stopped. */
export const HOLD_WORDS: Record<SafeguardKind, { title: string; what: string }> = {
  leavers: {
    title: "Many people leaving",
    what: "The identity provider deactivated or deleted many people within an hour, or took them out of all their groups.",
  },
  emptied: {
    title: "A grouping field emptied",
    what: "The field by which people are grouped went from a value to none for many people within an hour.",
  },
  moves: {
    title: "Many people changing groups",
    what: "The value by which people are grouped changed for many people within an hour, or a group was renamed. Each move waits as a whole: nobody is in neither group.",
  },
  group: {
    title: "A target group losing its members",
    what: "One target group would have lost many of its members within an hour.",
  },
};

/** How many people wait, as the start of a sentence. */
export function describeWaiting(people: number): string {
  return `${countOf(people, "person waits", "people wait")}`;
}

/** Whether nothing of somebody waits any more: an admin kept it. */
export function isKept({ status, groups }: HeldPerson): boolean {
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
