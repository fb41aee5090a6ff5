import { selectWithdrawals, type Withdrawal } from "../../changes/withdrawal-store.ts";
import type { Enrolment } from "../../enrolment/enrolment-store.ts";
import { selectStopsOfItem } from "../../enrolment/stopped-item-store.ts";
import type { CatalogueItem } from "../../enrolment/training-store.ts";
import { selectPresentGroups } from "../../grouping/target-group-store.ts";
import type { Database } from "../../platform/database.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { href } from "../routes.ts";

/** What ended enrolments, by their ids, and which of the target groups it names are there still. */
export interface WhyWithdrawn {
  withdrawals: ReadonlyMap<string, Withdrawal>;
  /** Target groups that were made to enrol in the item no more, by the request that did it. */
  stops: ReadonlyMap<string, { id: string; name: string }>;
  present: ReadonlySet<string>;
}

/** Reads why enrolments in an item were withdrawn. */
export async function readWhyWithdrawn(
  database: Database,
  companyKey: number,
  item: Pick<CatalogueItem, "kind" | "id">,
  enrolments: readonly Enrolment[],
): Promise<WhyWithdrawn> {
  const asked = enrolments.flatMap(({ id, userId, withdrawnAt }) =>
    withdrawnAt === null ? [] : [{ id, userId, at: withdrawnAt }],
  );
  const withdrawals = asked.length === 0 ? new Map() : await runRead(database, selectWithdrawals(companyKey, asked));
  const all: Withdrawal[] = [...withdrawals.values()];
  if (all.length === 0) return { withdrawals, stops: new Map(), present: new Set() };
  const requestIds = [...new Set(all.map(({ requestId }) => requestId))];
  const groupIds = [...new Set(all.flatMap(({ groups }) => groups.map(({ id }) => id)))];
  const beside = together({
    stops: selectStopsOfItem(companyKey, item, requestIds),
    present: selectPresentGroups(companyKey, groupIds),
  });
  return { withdrawals, ...(await runRead(database, beside)) };
}

interface WhyProps {
  companyId: string;
  enrolment: Enrolment | null;
  why: WhyWithdrawn;
  /** The target groups that enrol in the item today: of several that somebody left, these are named. */
  enrolling: ReadonlySet<string>;
}

/** Why an enrolment was withdrawn, and through which target group, in a few words. */
export function Why({ companyId, enrolment, why, enrolling }: WhyProps) {
  const withdrawal = why.withdrawals.get(enrolment?.id ?? "");
  if (withdrawal === undefined) return <span class="soft">–</span>;
  const { actor, left, requestId } = withdrawal;
  const by = BY[String(actor)] ?? "";
  if (left !== null) return <>{`${LEFT[left]}${by}`}</>;
  const stopped = why.stops.get(requestId);
  const giving = withdrawal.groups.filter(({ id }) => enrolling.has(id));
  const [first, ...others] = giving.length > 0 ? giving : withdrawal.groups;
  if (first !== undefined)
    return (
      <>
        {first.rule === "manual" ? "Taken out of " : "Left "}
        <Group companyId={companyId} group={first} isThere={why.present.has(first.id)} />
        {others.length > 0 && ` and ${others.length} more`}
        {why.present.has(first.id) ? howLeft(actor, first.rule) : `, which was removed${by}`}
      </>
    );
  if (stopped !== undefined)
    return (
      <>
        {"Stopped in "}
        <Group companyId={companyId} group={stopped} isThere />
      </>
    );
  return <>{actor === "scim" ? `Lost${by}` : `Stopped in a target group${by}`}</>;
}

const LEFT = { inactive: "Set inactive", removed: "Removed" };

const BY: Record<string, string> = {
  scim: " by the identity provider",
  admin: " by an admin",
  operator: " by the operator",
};

/** By what somebody left a target group, as the end of a sentence; an admin may have decided it of many at once. */
function howLeft(actor: unknown, rule: unknown): string {
  const by = BY[String(actor)] ?? "";
  if (rule === "manual") return by;
  if (actor !== "scim") return by && `, decided${by}`;
  if (rule === "field") return ", as the field’s value changed";
  return rule === "idp" ? " at the identity provider" : "";
}

function Group({
  companyId,
  group,
  isThere,
}: {
  companyId: string;
  group: { id: string; name: string };
  isThere: boolean;
}) {
  if (!isThere) return <>{`“${group.name}”`}</>;
  return <a href={href("group", { companyId, groupId: group.id })}>{group.name}</a>;
}
