import type { Child } from "hono/jsx";
import { type Preview, type Proposal, previewRegrouping } from "../../grouping/preview.ts";
import { encodeCursor } from "../../platform/cursor.ts";
import { readKey } from "../../platform/position.ts";
import { listFields } from "../../settings/field-store.ts";
import { mergeMappings } from "../../settings/fields.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { PAGE_SIZE, readCursor } from "../cursor.ts";
import { perform } from "../perform.ts";
import { readValues, type Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { groupingOf, pathsOf, SettingFrame, showGrouping, showMapping, valuesWith } from "./edit-pages.tsx";
import { describeGrouping } from "./grouping-form.tsx";
import { Figures, WaitingForFigures } from "./preview-figures.tsx";
import { judgeGrouping, judgeMapping, readMappings } from "./setting-draft.ts";

/** A change that is proposed: what it is, in words too, and the form it came from. */
interface Proposed {
  edit: "grouping" | "mapping";
  given: Values;
  what: Child;
  proposal: Proposal;
}

/** Other group settings as the form of the query gives them; wrong ones come back as the form. */
export async function proposeGrouping(c: ConsoleContext, setting: SettingRecord): Promise<Proposed | Response> {
  const given = groupingOf(c.req.query());
  const values = valuesWith(setting, given);
  const fields = await listFields(c.var.database, c.var.company.key);
  const { input, errors } = judgeGrouping(values, fields);
  if (input === null) return showGrouping(c, setting, errors);
  const proposal = { mappings: setting.mappings, groupSettings: input };
  return { edit: "grouping", given, proposal, what: <p>{describeGrouping(values, fields)}</p> };
}

/** Another mapping as the form of the query gives it; a wrong one comes back as the form. */
export async function proposeMapping(c: ConsoleContext, setting: SettingRecord): Promise<Proposed | Response> {
  const given = pathsOf(c.req.query());
  const fields = await listFields(c.var.database, c.var.company.key);
  const errors = judgeMapping(given, fields, setting.groupSettings);
  if (Object.keys(errors).length > 0) return showMapping(c, setting, errors);
  const mappings = mergeMappings(readMappings(given, fields));
  const { targetGroupScope, criteria, field } = setting.groupSettings;
  const groupSettings = {
    targetGroupId: setting.targetGroup?.id,
    targetGroupScope,
    criteria,
    field: field ?? undefined,
  };
  const before = new Map(setting.mappings.map((mapping) => [mapping.field, mapping.path]));
  const changed = mappings.filter((mapping) => before.get(mapping.field) !== mapping.path);
  const dropped = setting.mappings.filter((mapping) => !mappings.some((other) => other.field === mapping.field));
  const labelOf = (key: string) => fields.find((each) => each.key === key)?.label ?? key;
  return {
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
export async function showPreview(c: ConsoleContext, setting: SettingRecord, proposed: Proposed | Response) {
  if (proposed instanceof Response) return proposed;
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  const { edit, given, what } = proposed;
  const { cursor, figures } = c.req.query();
  const route = edit === "grouping" ? "groupingFigures" : "mappingFigures";
  const page = edit === "grouping" ? "groupingPreview" : "mappingPreview";
  return c.html(
    <SettingFrame c={c} setting={setting} title="Preview" lead="Nothing has been changed yet.">
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
          <FiguresOf c={c} setting={setting} proposed={proposed} preview={await previewPage(c, setting, proposed)} />
        ) : (
          <WaitingForFigures
            url={href(route, ids, { ...given, cursor })}
            plainUrl={href(page, ids, { ...given, cursor, figures: "now" })}
          />
        )}
      </div>
    </SettingFrame>,
  );
}

/** The figures of a proposed change alone, for the script to put into its page. */
export async function showFigures(c: ConsoleContext, setting: SettingRecord, proposed: Proposed | Response) {
  if (proposed instanceof Response) return proposed;
  const preview = await previewPage(c, setting, proposed);
  return c.html(<FiguresOf c={c} setting={setting} proposed={proposed} preview={preview} />);
}

/** Applies previewed group settings. */
export async function applyGrouping(c: ConsoleContext, setting: SettingRecord) {
  const values = valuesWith(setting, groupingOf(await readValues(c)));
  const { input, errors } = judgeGrouping(values, await listFields(c.var.database, c.var.company.key));
  if (input === null) return showGrouping(c, setting, errors);
  await perform(c, { kind: "updateSetting", settingId: setting.id, groupSettings: input }, setting);
  return c.redirect(
    href("setting", { companyId: c.var.company.id, settingId: setting.id }, { done: "regrouped" }),
    303,
  );
}

/** Applies a previewed mapping. */
export async function applyMapping(c: ConsoleContext, setting: SettingRecord) {
  const given = pathsOf(await readValues(c));
  const fields = await listFields(c.var.database, c.var.company.key);
  const errors = judgeMapping(given, fields, setting.groupSettings);
  if (Object.keys(errors).length > 0) return showMapping(c, setting, errors);
  await perform(
    c,
    { kind: "updateSetting", settingId: setting.id, fieldMappings: readMappings(given, fields) },
    setting,
  );
  return c.redirect(href("setting", { companyId: c.var.company.id, settingId: setting.id }, { done: "remapped" }), 303);
}

function previewPage(c: ConsoleContext, setting: SettingRecord, proposed: Proposed): Promise<Preview> {
  const start = readCursor(firstPageOf(c, setting, proposed), c.req.query("cursor"), readKey) ?? 0;
  const page = { limit: PAGE_SIZE, start };
  return previewRegrouping(c.var.database, c.var.company.key, setting, proposed.proposal, page);
}

/** The URL of a proposed change, which its cursors belong to. */
function firstPageOf(c: ConsoleContext, setting: SettingRecord, { edit, given }: Proposed): string {
  const page = edit === "grouping" ? "groupingPreview" : "mappingPreview";
  return href(page, { companyId: c.var.company.id, settingId: setting.id }, given);
}

interface FigureProps {
  c: ConsoleContext;
  setting: SettingRecord;
  proposed: Proposed;
  preview: Preview;
}

function FiguresOf({ c, setting, proposed, preview }: FigureProps) {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  const { edit, given } = proposed;
  const page = edit === "grouping" ? "groupingPreview" : "mappingPreview";
  const { cursor, figures } = c.req.query();
  const next = preview.next === null ? null : encodeCursor([firstPageOf(c, setting, proposed)], preview.next);
  const link = (more: Values) => href(page, ids, { ...given, ...more, ...(figures === "now" && { figures }) });
  return (
    <Figures
      companyId={ids.companyId}
      preview={preview}
      applyUrl={href(edit, ids)}
      given={given}
      first={cursor === undefined ? null : link({})}
      next={next === null ? null : link({ cursor: next })}
    />
  );
}
