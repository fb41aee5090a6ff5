/** How many people became active, and how many stopped to be. */
export interface Movement {
  joined: number;
  left: number;
}

/** The movements of the last days, by their numbers since 1970 (UTC); those on which nothing moved are left out. */
export interface PeopleDays {
  /** The first day of which it is known. */
  since: number;
  days: Readonly<Record<string, Movement>>;
}

/** How many days are kept, today included. */
export const DAYS_KEPT = 30;

/** What is kept after more has moved today; days that are too old are left out. */
export function addMovement(kept: PeopleDays | null, today: number, { joined, left }: Movement): PeopleDays {
  const { since, days } = kept ?? { since: today, days: {} };
  const before = days[today] ?? { joined: 0, left: 0 };
  const now = { joined: before.joined + joined, left: before.left + left };
  const late: Record<string, Movement> = {};
  for (const [day, moved] of Object.entries(days)) if (Number(day) > today - DAYS_KEPT) late[day] = moved;
  if (now.joined + now.left > 0) late[today] = now;
  return { since, days: late };
}

/** The days kept up to today, one after the other. */
export function listDays({ days }: PeopleDays, today: number): ({ day: number } & Movement)[] {
  return Array.from({ length: DAYS_KEPT }, (_, index) => {
    const day = today - DAYS_KEPT + 1 + index;
    return { day, ...(days[day] ?? { joined: 0, left: 0 }) };
  });
}
