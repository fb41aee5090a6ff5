/** What trips, in the order in which a loss is judged. */
export const KINDS = ["leavers", "emptied", "moves", "group"] as const;
/** What a loss counts as. */
export type Kind = (typeof KINDS)[number];

/** Where somebody is on the target side: by the rules alone, or since the leaving waits in a hold of a kind, or was kept. */
export type Place = "by rules" | "kept" | { waitsIn: Kind };

/** Somebody as the identity provider has it, and what of that has arrived on the target side. */
export interface BrakedPerson {
  id: string;
  userName: string;
  /** Whether it is there at the identity provider. */
  isThere: boolean;
  active: boolean;
  department: string | null;
  groups: Set<string>;
  target: TargetSide;
}

/** What of somebody there is on the target side. */
export interface TargetSide {
  status: "active" | "inactive" | "gone";
  /** How it is to leave as a whole, when that waits or was kept. */
  leaving: { as: "inactive" | "deleted"; place: Place } | null;
  /** Whether the setting still has a say. */
  isManaged: boolean;
  places: Map<string, Place>;
  /** The department that the identity provider last said: what was kept was kept against it. */
  department: string | null;
}

/** The target side as it is now, to be gone back to. */
export function copyOf(target: TargetSide): TargetSide {
  return { ...target, places: new Map(target.places) };
}

/** Somebody who is new at the identity provider. */
export function newPerson(given: Pick<BrakedPerson, "id" | "userName" | "department">): BrakedPerson {
  const { department } = given;
  const target = { status: "active" as const, leaving: null, isManaged: true, places: new Map(), department };
  return { ...given, isThere: true, active: true, groups: new Set(), target };
}
