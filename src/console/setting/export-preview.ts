import type { Child } from "hono/jsx";
import { assertNothingOwed } from "../../companies/read-in-share.ts";
import { type Preview, type Proposal, previewRegrouping } from "../../grouping/preview-regrouping.ts";
import { PREVIEW } from "../../previews/preview-change.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { inStretchesOf, streamCsv } from "../csv.ts";
import type { Values } from "../read-form.ts";
import { patientSearchOf, searchOf } from "../search-in-share.ts";

/** A change that is proposed: what it is, in words too, and the form it came from. */
export interface Proposed {
  setting: SettingRecord;
  edit: "grouping" | "mapping";
  given: Values;
  what: Child;
  proposal: Proposal;
}

/** Who joins and leaves what, without the enrolments. */
export function previewMoves(
  c: ConsoleContext,
  setting: SettingRecord,
  proposal: Proposal,
  page: { limit: number; start: number },
  readInShare = searchOf(c),
): Promise<Preview> {
  const { company } = c.var;
  return readInShare(PREVIEW, (reads) =>
    previewRegrouping(reads, company.key, setting, proposal, page, async () => []),
  );
}

/** All changes that a proposed change would bring, as a download. */
export async function exportPreview(c: ConsoleContext, proposed: Proposed | Response) {
  if (proposed instanceof Response) return proposed;
  const { setting, proposal } = proposed;
  // What has begun cannot be refused any more.
  await assertNothingOwed(c.env, c.var.company.id, PREVIEW);
  const all = { limit: Number.MAX_SAFE_INTEGER, start: 0 };
  // Planned once: a plan for each stretch of the file would plan everybody anew for each.
  const plan = async () => (await previewMoves(c, setting, proposal, all, patientSearchOf(c))).changes;
  return streamCsv<Preview["changes"][number]>(`preview-${setting.name}`, {
    head: ["User name", "Does what", "Target group", "Id"],
    next: inStretchesOf(plan),
    values: ({ userName, action, groupName, userId }) => [userName, `${action}s`, groupName, userId],
  });
}
