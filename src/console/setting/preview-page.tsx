import type { Preview, Proposal } from "../../grouping/preview-regrouping.ts";
import type { OpenHolds } from "../../holds/open-hold-counts-store.ts";
import { readKey } from "../../platform/list-position.ts";
import { encodeCursor } from "../../platform/opaque-cursor.ts";
import { PREVIEW, previewChange } from "../../previews/preview-change.ts";
import { listFields } from "../../settings/field-store.ts";
import { mergeMappings } from "../../settings/fields.ts";
import { groupSettingsInputOf, type SettingRecord } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import type { ConfigurationOperation } from "../../writer/operation.ts";
import type { ConsoleContext } from "../console-env.ts";
import { countedValue, findMoment, readCounted } from "../count-shown-in-form.ts";
import { PAGE_SIZE, readCursor } from "../list-page.ts";
import { attempt } from "../perform-for-page.ts";
import { readValues, type Values } from "../read-form.ts";
import { Refused } from "../refused.ts";
import { href, type LinkQuery } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { isTyped, TYPED_ABOVE } from "../views/typed-count.tsx";
import {
  groupingOf,
  mappingPathsOf,
  requireEdited,
  SettingFrame,
  showGrouping,
  showMapping,
  valuesWith,
} from "./edit-mapping-and-grouping-pages.tsx";
import { type Proposed, previewMoves } from "./export-preview.ts";
import { isNamed, NOT_ADDED } from "./field-from-name.ts";
import { describeGrouping } from "./grouping-form.tsx";
import { findOpenHolds, seenHolds } from "./open-holds.tsx";
import { Figures, WaitingForFigures } from "./preview-figures.tsx";
import { judgeGrouping, judgeMapping, readMappings } from "./setting-draft.ts";

/** Other group settings as the form of the query gives them; wrong ones come back as the form. */
export async function proposeGrouping(c: ConsoleContext): Promise<Proposed | Response> {
  const { setting, fields } = await requireEdited(c);
  const given = groupingOf(c.req.query());
  const values = valuesWith(setting, given);
  const { input, errors } = judgeGrouping(values, fields);
  if (input === null) return showGrouping(c, errors);
  const proposal = { mappings: setting.mappings, groupSettings: input };
  return { setting, edit: "grouping", given, proposal, what: <p>{describeGrouping(values, fields)}</p> };
}

/** Another mapping as the form of the query gives it; a wrong one comes back as the form. */
export async function proposeMapping(c: ConsoleContext): Promise<Proposed | Response> {
  const { setting, fields } = await requireEdited(c);
  const given = mappingPathsOf(c.req.query());
  const errors = judgeMapping(given, fields, setting.groupSettings);
  if (isNamed(c.req.query("newLabel"))) return showMapping(c, { ...errors, newLabel: NOT_ADDED });
  if (Object.keys(errors).length > 0) return showMapping(c, errors);
  const mappings = mergeMappings(readMappings(given, fields));
  const groupSettings = groupSettingsInputOf(setting);
  const before = new Map(setting.mappings.map((mapping) => [mapping.field, mapping.path]));
  const changed = mappings.filter((mapping) => before.get(mapping.field) !== mapping.path);
  const dropped = setting.mappings.filter((mapping) => !mappings.some((other) => other.field === mapping.field));
  const labelOf = (key: string) => fields.find((each) => each.key === key)?.label ?? key;
  return {
    setting,
    edit: "mapping",
    given,
    proposal: { mappings, groupSettings },
    what: (
      <ul class="bullets">
        {changed.length + dropped.length === 0 && <li>No field is filled differently.</li>}
        {changed.map((mapping) => (
          <li>
            {labelOf(mapping.field)} ← <code>{mapping.path}</code>
          </li>
        ))}
        {dropped.map((mapping) => (
          <li>{`${labelOf(mapping.field)} is no longer filled`}</li>
        ))}
      </ul>
    ),
  };
}

/**
 * The page of a proposed change. Planning many people takes a moment: the page comes at once and the script fetches the
 * figures; `figures=now`, which those without script ask for, puts them into the page.
 */
export async function showPreview(c: ConsoleContext, proposed: Proposed | Response) {
  if (proposed instanceof Response) return proposed;
  const { setting, edit, given, what } = proposed;
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  const { cursor, figures } = c.req.query();
  const route = edit === "grouping" ? "groupingFigures" : "mappingFigures";
  return c.html(
    <SettingFrame
      c={c}
      setting={setting}
      title="Preview"
      isWide
      lead={
        isSilent(setting)
          ? "Nothing has been changed yet. The numbers are those of going live with this change."
          : "Nothing has been changed yet."
      }
    >
      <div class="stack">
        <section class="card stack" aria-labelledby="what-title">
          <h2 id="what-title">What would change</h2>
          {what}
          <p>
            <a class="button" href={href(edit, ids, given)}>
              Back to the form
            </a>
          </p>
        </section>
        {figures === "now" ? (
          <FiguresOf c={c} proposed={proposed} {...(await readFigures(c, proposed))} />
        ) : (
          <WaitingForFigures
            url={href(route, ids, { ...given, cursor })}
            plainUrl={urlOf(c, proposed, { cursor, figures: "now" })}
          />
        )}
      </div>
    </SettingFrame>,
  );
}

/** The figures of a proposed change alone, for the script to put into its page. */
export async function showFigures(c: ConsoleContext, proposed: Proposed | Response) {
  if (proposed instanceof Response) return proposed;
  return c.html(<FiguresOf c={c} proposed={proposed} {...(await readFigures(c, proposed))} />);
}

/** Applies previewed group settings. */
export async function applyGrouping(c: ConsoleContext, setting: SettingRecord) {
  const sent = await readValues(c);
  const given = groupingOf(sent);
  const fields = await listFields(c.var.database, c.var.company.key);
  const { input, errors } = judgeGrouping(valuesWith(setting, given), fields);
  if (input === null) return showGrouping(c, errors);
  const proposal = { mappings: setting.mappings, groupSettings: input };
  const change = { groupSettings: input };
  return apply(c, setting, { sent, given, page: "groupingPreview", proposal, change, done: "regrouped" });
}

/** Applies a previewed mapping. */
export async function applyMapping(c: ConsoleContext, setting: SettingRecord) {
  const sent = await readValues(c);
  const given = mappingPathsOf(sent);
  const fields = await listFields(c.var.database, c.var.company.key);
  const errors = judgeMapping(given, fields, setting.groupSettings);
  if (Object.keys(errors).length > 0) return showMapping(c, errors);
  const change = { fieldMappings: readMappings(given, fields) };
  const proposal = { mappings: mergeMappings(change.fieldMappings), groupSettings: groupSettingsInputOf(setting) };
  return apply(c, setting, { sent, given, page: "mappingPreview", proposal, change, done: "remapped" });
}

interface Application {
  /** The form as it was sent, and what of it names the change. */
  sent: Values;
  given: Values;
  page: "groupingPreview" | "mappingPreview";
  proposal: Proposal;
  change: Pick<ConfigurationOperation & { kind: "updateSetting" }, "groupSettings" | "fieldMappings">;
  done: string;
}

/**
 * Applies a change; where a hold has opened that its preview did not show, or many would leave and their number was not
 * typed, the preview is shown again.
 */
async function apply(c: ConsoleContext, setting: SettingRecord, application: Application) {
  const { sent, given, page, proposal, change, done } = application;
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  const count = async () => (await previewMoves(c, setting, proposal, { limit: 1, start: 0 })).leaves;
  const leaves = await readCounted(c, sent, count);
  if (leaves > TYPED_ABOVE && !isTyped(sent, leaves))
    return c.redirect(href(page, ids, { ...given, figures: "now", typed: "wrong" }), 303);
  const operation = { kind: "updateSetting", settingId: setting.id, ...change, ...seenHolds(sent) } as const;
  const result = await attempt(c, operation, setting);
  if (!result.ok && result.code === "hold_open") return c.redirect(href(page, ids, given), 303);
  if (!result.ok) throw new Refused(result.status, "That was refused", result.detail);
  return c.redirect(href("setting", ids, { done }), 303);
}

interface FiguresRead {
  /** What waits in holds of the setting. */
  held: OpenHolds;
  /** How many changes come before those of the page. */
  start: number;
  preview: Preview;
  /** The newest change of the company before it was counted. */
  at: string;
}

async function readFigures(c: ConsoleContext, proposed: Proposed): Promise<FiguresRead> {
  const start = readCursor(urlOf(c, proposed), c.req.query("cursor"), readKey) ?? 0;
  const { setting, proposal } = proposed;
  const page = { limit: PAGE_SIZE, start };
  const { company } = c.var;
  const held = await findOpenHolds(c, setting);
  const at = await findMoment(c);
  const preview = await searchOf(c)(PREVIEW, (reads) => previewChange(reads, company.key, setting, proposal, page));
  return { start, held, preview, at };
}

/** The URL of a proposed change; the cursors of its changes belong to that of the first page. */
function urlOf(c: ConsoleContext, { setting, edit, given }: Proposed, more: LinkQuery = {}): string {
  const page = edit === "grouping" ? "groupingPreview" : "mappingPreview";
  return href(page, { companyId: c.var.company.id, settingId: setting.id }, { ...given, ...more });
}

function FiguresOf({ c, proposed, start, held, preview, at }: FiguresRead & { c: ConsoleContext; proposed: Proposed }) {
  const ids = { companyId: c.var.company.id, settingId: proposed.setting.id };
  const figures = c.req.query("figures") === "now" ? "now" : undefined;
  const isWrong = c.req.query("typed") === "wrong";
  const csv = proposed.edit === "grouping" ? "groupingCsv" : "mappingCsv";
  const next = preview.next === null ? null : encodeCursor([urlOf(c, proposed)], preview.next);
  return (
    <Figures
      companyId={ids.companyId}
      preview={preview}
      held={held}
      applyUrl={href(proposed.edit, ids)}
      given={{ ...proposed.given, ...countedValue({ people: preview.leaves, at }) }}
      csvUrl={href(csv, ids, proposed.given)}
      errors={isWrong ? { typed: "Nothing was applied: this is not the number of those who leave." } : {}}
      first={start === 0 ? null : urlOf(c, proposed, { figures })}
      next={next === null ? null : urlOf(c, proposed, { cursor: next, figures })}
    />
  );
}
