/** What a brake can stop, in the order in which one cause is judged. */
export const SAFEGUARD_KINDS = ["leavers", "emptied", "moves", "group"] as const;
/** One of these kinds. */
export type SafeguardKind = (typeof SAFEGUARD_KINDS)[number];

/** A brake trips when more people than `people` and more of them than `percent` are lost within an hour. */
export interface Limit {
  people: number;
  percent: number;
}

/** The limits of a setting; null where a kind is not stopped. */
export type Safeguards = Record<SafeguardKind, Limit | null>;

/** Losses that an admin expects: until then (ms), or until as many people are gone, nothing trips. */
export interface Expected {
  people: number;
  until: number;
}

/** The limits that a setting begins with. */
export const USUAL_SAFEGUARDS: Safeguards = {
  leavers: { people: 20, percent: 10 },
  emptied: { people: 20, percent: 20 },
  moves: { people: 50, percent: 30 },
  group: { people: 20, percent: 50 },
};

/** The usual limit of leavers where a setting has fewer active people than `SMALL`. */
const LEAVERS_OF_FEW: Limit = { people: 10, percent: 30 };
const SMALL = 50;

/** The safeguards with those that a change gives: null switches one off, one left out stays as it was. */
export function changeSafeguards(present: Safeguards, change: Partial<Safeguards> = {}): Safeguards {
  return { ...present, ...change };
}

/** The limit of a kind for a setting, or a target group, of so many people; null when it is switched off. */
export function limitFor(safeguards: Safeguards, kind: SafeguardKind, people: number): Limit | null {
  const limit = safeguards[kind];
  const isUsual = kind === "leavers" && isSame(limit, USUAL_SAFEGUARDS.leavers);
  return isUsual && people < SMALL ? LEAVERS_OF_FEW : limit;
}

function isSame(left: Limit | null, right: Limit | null): boolean {
  return left?.people === right?.people && left?.percent === right?.percent;
}
