import type { Reads } from "../companies/split-long-reads.ts";
import type { AutoEnrolment } from "../enrolment/plan-enrolments.ts";
import { type EnrolmentChange, type Preview, previewRegrouping } from "../grouping/preview-regrouping.ts";
import { previewEnrolments } from "./preview-enrolments.ts";
import { selectMemberCounts, selectMemberKeys, selectUsersInStretch } from "./previewed-persons-store.ts";

/** What a preview asks of the database: it looks at everybody whom a change may touch. */
export const PREVIEW = {
  what: "A preview looks at everybody whom the change may touch",
  quick: "At any time: the change itself, without a preview.",
};

/** The parameters of `previewRegrouping` but for the last. */
type Asked = Parameters<typeof previewRegrouping> extends [...infer First, unknown] ? First : never;

/** Who would join and leave what by another mapping or grouping of a setting, and which enrolments start and end by that. */
export function previewChange(...asked: Asked): Promise<Preview> {
  const [reads, companyKey, setting] = asked;
  // Of a setting in shadow it is what going live does by that change.
  const changes = { goingLive: setting.key };
  return previewRegrouping(...asked, (moves) =>
    previewEnrolments(reads, companyKey, moves.keys(), { ...changes, moves }),
  );
}

/** Which enrolments start and end when a target group enrols its members in other items. */
export async function previewItems(
  reads: Reads,
  companyKey: number,
  targetGroupKey: number,
  items: readonly AutoEnrolment[],
): Promise<EnrolmentChange[]> {
  const members = await readMembers(reads, targetGroupKey);
  return previewEnrolments(reads, companyKey, members, { items: { targetGroupKey, items } });
}

/** What the removal of a setting's people does: how many memberships end, which groups are emptied, which enrolments end. */
export async function previewRemoval(
  reads: Reads,
  companyKey: number,
  settingKey: number,
): Promise<Pick<Preview, "joins" | "leaves" | "groups"> & { enrolments: EnrolmentChange[] }> {
  const users = new Set<number>();
  const people = new Map<number, number>();
  for (let after: number | null = 0; after !== null; ) {
    const from: number = after;
    const {
      users: found,
      groups,
      edge,
    } = await reads.run(({ rows }) => selectUsersInStretch({ companyKey, after: from, rows }, settingKey));
    for (const { k } of found) users.add(k);
    for (const one of groups) people.set(one.targetGroupKey, (people.get(one.targetGroupKey) ?? 0) + one.people);
    after = edge;
  }
  const leaves = [...people.values()].reduce((sum, count) => sum + count, 0);
  const emptied = await countEmptied(reads, people);
  const enrolments = await previewEnrolments(reads, companyKey, users, { isGone: (key) => users.has(key) });
  return { joins: 0, leaves, groups: { new: 0, emptied }, enrolments };
}

const CHUNK = 5_000;

/** How many target groups, by their keys, have no more members than so many that leave. */
async function countEmptied(reads: Reads, leaving: ReadonlyMap<number, number>): Promise<number> {
  const keys = [...leaving.keys()];
  let emptied = 0;
  for (let start = 0; start < keys.length; start += CHUNK) {
    const counts = await reads.once(selectMemberCounts(keys.slice(start, start + CHUNK)));
    emptied += counts.filter(({ k, members }) => (leaving.get(k) ?? 0) >= members).length;
  }
  return emptied;
}

async function readMembers(reads: Reads, targetGroupKey: number): Promise<number[]> {
  const keys: number[] = [];
  for (let after = 0; ; ) {
    const chunk = await reads.once(selectMemberKeys(targetGroupKey, { after, take: CHUNK }));
    keys.push(...chunk);
    const last = chunk.at(-1);
    if (last === undefined || chunk.length < CHUNK) return keys;
    after = last;
  }
}

/** Which enrolments start when one user joins a target group; planned as the writer plans it. */
export function previewJoining(
  reads: Reads,
  companyKey: number,
  userKey: number,
  targetGroupKey: number,
): Promise<EnrolmentChange[]> {
  const moves = new Map([[userKey, { joins: [targetGroupKey], leaves: [] }]]);
  return previewEnrolments(reads, companyKey, [userKey], { moves });
}

/** Which enrolments end when one user leaves a target group; planned as the writer plans it. */
export function previewLeaving(
  reads: Reads,
  companyKey: number,
  userKey: number,
  targetGroupKey: number,
): Promise<EnrolmentChange[]> {
  const moves = new Map([[userKey, { joins: [], leaves: [targetGroupKey] }]]);
  return previewEnrolments(reads, companyKey, [userKey], { moves });
}
