import { keepRenewal, type RenewedResource } from "../log/keep-renewal.ts";
import { NoteList } from "../scim/limited-note-list.ts";
import type { Note } from "../scim/note.ts";
import { noteOf } from "../scim/note.ts";
import { isManaging } from "../unit/company-config.ts";
import type { Enrolment } from "../unit/enrolment-and-brake-rows.ts";
import type { OperationContext } from "./operation-context.ts";

/** A note on what became of a row when it was renewed, for the log of its setting. */
export interface RenewalNote {
  /** Null for what concerns every live setting. */
  settingKey: number | null;
  /** What the entry is about, and is erased with; null for one entry of all such notes of a step. */
  about: RenewedResource;
  note: Note;
}

/** Items that a note names; the others are counted. */
const MOST_NAMED = 10;

/** The notes on enrolments that end because values are read anew: per setting, with the attribute the value comes from. */
export function noteWithdrawn(
  withdrawn: readonly Enrolment[],
  settingOf: (enrolment: Enrolment) => { settingKey: number; path: string } | undefined,
): RenewalNote[] {
  const bySource = Map.groupBy(withdrawn, (enrolment) => JSON.stringify(settingOf(enrolment) ?? null));
  return [...bySource.values()].flatMap((enrolments) => {
    const [first] = enrolments;
    const source = first === undefined ? undefined : settingOf(first);
    if (source === undefined) return [];
    const counts = Map.groupBy(enrolments, ({ name }) => name);
    const named = [...counts].slice(0, MOST_NAMED).map(([name, { length }]) => `${name} (${length})`);
    const more = counts.size > named.length ? [`${counts.size - named.length} more`] : [];
    const value = [...named, ...more].join(", ");
    return { settingKey: source.settingKey, about: null, note: noteOf("renewal_withdraws", source.path, value) };
  });
}

/** Writes notes into the logs of the settings: what has nobody of its own in one entry, each note once. */
export function logRenewal({ unit }: OperationContext, notes: readonly RenewalNote[]): void {
  const spread = notes.flatMap((one) => {
    if (one.settingKey !== null) return [{ ...one, settingKey: one.settingKey }];
    return [...unit.config.settings.values()].filter(isManaging).map(({ key }) => ({ ...one, settingKey: key }));
  });
  for (const [settingKey, ofSetting] of Map.groupBy(spread, (one) => one.settingKey)) {
    const setting = unit.config.settingsByKey.get(settingKey);
    if (setting === undefined) continue;
    const log = (about: RenewedResource, own: Note[]) =>
      unit.log(keepRenewal({ id: unit.allocateId(), settingId: setting.id, time: unit.now }, about, own));
    const common = ofSetting.filter(({ about }) => about === null).map(({ note }) => note);
    if (common.length > 0) log(null, new NoteList(common).list());
    for (const { about, note } of ofSetting) if (about !== null) log(about, [note]);
  }
}
