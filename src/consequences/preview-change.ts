import type { Reads } from "../companies/bounded-reads.ts";
import type { AutoEnrolment } from "../enrolment/plan-enrolments.ts";
import { type EnrolmentChange, type Preview, previewRegrouping } from "../grouping/preview-regrouping.ts";
import { selectMemberships, selectUserKeys } from "./enrolled-persons-store.ts";
import { foreseeEnrolments } from "./foresee-enrolments.ts";

/** What a preview asks of the database: it looks at everybody whom a change may touch. */
export const PREVIEW = {
  what: "A preview looks at everybody whom the change may touch",
  quick: "At any time: the change itself, without a preview.",
};

/** The parameters of `previewRegrouping` but for the last. */
type Asked = Parameters<typeof previewRegrouping> extends [...infer First, unknown] ? First : never;

/** Who would join and leave what by another mapping or grouping of a setting, and which enrolments start and end by that. */
export function previewChange(...asked: Asked): Promise<Preview> {
  const [reads, companyKey] = asked;
  return previewRegrouping(...asked, (moves) => foreseeEnrolments(reads, companyKey, moves.keys(), { moves }));
}

/** Which enrolments start and end when a target group enrols its members in other items. */
export async function previewItems(
  reads: Reads,
  companyKey: number,
  targetGroupKey: number,
  items: readonly AutoEnrolment[],
): Promise<EnrolmentChange[]> {
  const members = await readAll(reads, { targetGroupKey });
  return foreseeEnrolments(reads, companyKey, members, { items: { targetGroupKey, items } });
}

/** What the removal of a setting's people does: how many memberships end, which groups are emptied, which enrolments end. */
export async function previewRemoval(
  reads: Reads,
  companyKey: number,
  settingKey: number,
): Promise<Pick<Preview, "joins" | "leaves" | "groups"> & { enrolments: EnrolmentChange[] }> {
  const users = new Set(await readAll(reads, { settingKey }));
  const { memberships, alone } = await reads.once(selectMemberships(settingKey));
  const enrolments = await foreseeEnrolments(reads, companyKey, users, { isGone: (key) => users.has(key) });
  return { joins: 0, leaves: memberships, groups: { new: 0, emptied: alone }, enrolments };
}

const CHUNK = 5_000;

async function readAll(reads: Reads, of: Parameters<typeof selectUserKeys>[0]): Promise<number[]> {
  const keys: number[] = [];
  for (let after = 0; ; ) {
    const chunk = await reads.once(selectUserKeys(of, { after, take: CHUNK }));
    keys.push(...chunk);
    const last = chunk.at(-1);
    if (last === undefined || chunk.length < CHUNK) return keys;
    after = last;
  }
}

/** Which enrolments end when one user leaves a target group; planned as the writer plans it. */
export function previewLeaving(
  reads: Reads,
  companyKey: number,
  userKey: number,
  targetGroupKey: number,
): Promise<EnrolmentChange[]> {
  const moves = new Map([[userKey, { joins: [], leaves: [targetGroupKey] }]]);
  return foreseeEnrolments(reads, companyKey, [userKey], { moves });
}
