import { getTableColumns } from "drizzle-orm";
import type { Batch } from "../holds/count-losses-against-limit.ts";
import { type Hold, isWaiting } from "../holds/hold.ts";
import { holdApplied } from "../holds/tables.ts";
import { namesOf, omit, valuesOfRow } from "../platform/columns.ts";
import type { SafeguardKind } from "../settings/safeguards.ts";
import type { FollowUp, WriterSetting } from "../unit/company-config.ts";
import type { Ref } from "../unit/resource-references.ts";
import { insertRows } from "../unit/row-statements.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { OperationContext } from "./operation-context.ts";

/** The open hold of a kind in a setting, or null. */
export function findOpen({ holds, config }: UnitOfWork, settingKey: number, kind: SafeguardKind): Hold | null {
  const isIt = (hold: Hold | undefined) =>
    hold?.settingKey === settingKey && hold.kind === kind && hold.status === "open";
  const changed = holds.differences();
  const made = changed.find(({ after }) => isIt(after))?.after;
  if (made !== undefined) return made;
  const isChanged = new Set(changed.map(({ key }) => key));
  return [...config.openHolds.values()].find((hold) => isIt(hold) && !isChanged.has(hold.key)) ?? null;
}

/** Opens a hold; `batches` are the losses of the hour before, which were carried out. */
export function openHold(
  context: OperationContext,
  setting: WriterSetting,
  kind: SafeguardKind,
  batches: readonly Batch[],
): Hold {
  const { unit } = context;
  const hold: Hold = {
    ...{ key: unit.allocateKey(), settingKey: setting.key, id: unit.allocateId(), kind, status: "open" },
    ...{ version: 0, people: 0, released: 0, kept: 0, dissolved: 0, causes: [] },
    ...{ openedAt: unit.now, closedAt: null, decidedAt: null, decidedBy: null },
  };
  unit.holds.set(hold.key, hold);
  const rows = batches.flatMap(({ at, losses }) =>
    losses.map(({ userKey, lost }) => {
      return valuesOfRow(APPLIED, { holdKey: hold.key, userKey, ...(lost ?? LEAVER), lostAt: at });
    }),
  );
  unit.executeAll(insertRows("hold_applied", namesOf(APPLIED), rows, APPLIED_KEY));
  context.announce({
    type: "hold.opened",
    subject: { kind: "hold", id: hold.id },
    userId: null,
    data: { kind, settingId: setting.id },
  });
  return hold;
}

const APPLIED = omit(getTableColumns(holdApplied), "undoneAt");
const APPLIED_KEY = ["hold_key", "user_key", "target_group_key"];
const LEAVER = { targetGroupKey: 0, kind: "leaver" as const, sourceKey: 0, detail: "" };

/** The holds in which something of a user waits. */
export function holdsOf({ users, reasons }: UnitOfWork, ref: Ref): Set<number> {
  const user = users.get(ref);
  if (user === undefined) return new Set();
  const marks = [user, ...(reasons.get(ref) ?? [])].filter(isWaiting);
  return new Set(marks.flatMap(({ heldBy }) => heldBy ?? []));
}

/**
 * Brings the counts of holds up to date when an operation has run, and closes those with nothing left, unless work follows
 * that may still add to one.
 */
export function updateHolds(context: OperationContext, addsToHolds: (followUp: FollowUp) => boolean): void {
  const { unit } = context;
  let held = 0;
  for (const { ref, before } of context.watched) {
    const after = holdsOf(unit, ref);
    for (const key of after) if (!before.has(key)) changeHold(context, key, ({ people }) => ({ people: people + 1 }));
    if ([...after].some((key) => !before.has(key))) held += 1;
    for (const key of before)
      if (!after.has(key))
        changeHold(context, key, (hold) => ({
          people: hold.people - 1,
          [context.heldEndAs]: hold[context.heldEndAs] + 1,
        }));
  }
  if (held > 0) context.notes.push({ kind: "held", path: null, value: String(held) });
  closeEmpty(context, addsToHolds);
}

function changeHold(context: OperationContext, key: number, change: (hold: Hold) => Partial<Hold>): void {
  const hold = context.unit.holds.get(key);
  if (hold === undefined) return;
  context.unit.holds.set(key, { ...hold, ...change(hold) });
  context.touchHold(key);
}

function closeEmpty(context: OperationContext, addsToHolds: (followUp: FollowUp) => boolean): void {
  const { unit } = context;
  const { followUps, openHolds } = unit.config;
  if (followUps.some((followUp) => addsToHolds(followUp) && followUp.key !== context.endingFollowUp)) return;
  const touched =
    context.endingFollowUp === null ? context.touchedHolds : [...context.touchedHolds, ...openHolds.keys()];
  for (const key of new Set(touched)) {
    const hold = unit.holds.get(key);
    if (hold === undefined || hold.status === "closed" || hold.people > 0) continue;
    unit.holds.set(key, { ...hold, status: "closed", closedAt: unit.now });
    const { released, kept, dissolved, kind, settingKey } = hold;
    if (released + kept > 0) forgetLosses(context, settingKey, kind);
    context.announce({
      type: "hold.closed",
      subject: { kind: "hold", id: hold.id },
      userId: null,
      data: {
        kind,
        settingId: unit.config.settingsByKey.get(settingKey)?.id ?? null,
        outcome: { released, kept, dissolved },
      },
    });
  }
}

/** Losses of a kind begin anew: an admin has decided about those up to now. */
function forgetLosses(context: OperationContext, settingKey: number, kind: SafeguardKind): void {
  const brake = context.unit.brakes.get(settingKey);
  if (brake === undefined) return;
  const isOfKind = (counter: string) => counter === kind || counter.startsWith(`${kind} `);
  const counts = Object.fromEntries(Object.entries(brake.counts).filter(([counter]) => !isOfKind(counter)));
  context.unit.brakes.set(settingKey, { ...brake, counts });
}
