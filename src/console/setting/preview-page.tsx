import type { Child } from "hono/jsx";
import { type Preview, type Proposal, previewRegrouping } from "../../grouping/preview-regrouping.ts";
import { readKey } from "../../platform/list-position.ts";
import { encodeCursor } from "../../platform/opaque-cursor.ts";
import { listFields } from "../../settings/field-store.ts";
import { mergeMappings } from "../../settings/fields.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { PAGE_SIZE, readCursor } from "../list-page.ts";
import { perform } from "../perform-for-page.ts";
import { readValues, type Values } from "../read-form.ts";
import { href, type Query } from "../routes.ts";
import {
  groupingOf,
  pathsOf,
  requireEdited,
  SettingFrame,
  showGrouping,
  showMapping,
  valuesWith,
} from "./edit-mapping-and-grouping-pages.tsx";
import { describeGrouping } from "./grouping-form.tsx";
import { Figures, WaitingForFigures } from "./preview-figures.tsx";
import { judgeGrouping, judgeMapping, readMappings } from "./setting-draft.ts";

/** A change that is proposed: what it is, in words too, and the form it came from. */
interface Proposed {
  setting: SettingRecord;
  edit: "grouping" | "mapping";
  given: Values;
  what: Child;
  proposal: Proposal;
}

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
  const given = pathsOf(c.req.query());
  const errors = judgeMapping(given, fields, setting.groupSettings);
  if (Object.keys(errors).length > 0) return showMapping(c, errors);
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
  const values = valuesWith(setting, groupingOf(await readValues(c)));
  const { input, errors } = judgeGrouping(values, await listFields(c.var.database, c.var.company.key));
  if (input === null) return showGrouping(c, errors);
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
  if (Object.keys(errors).length > 0) return showMapping(c, errors);
  await perform(
    c,
    { kind: "updateSetting", settingId: setting.id, fieldMappings: readMappings(given, fields) },
    setting,
  );
  return c.redirect(href("setting", { companyId: c.var.company.id, settingId: setting.id }, { done: "remapped" }), 303);
}

interface FiguresRead {
  /** How many changes come before those of the page. */
  start: number;
  preview: Preview;
}

async function readFigures(c: ConsoleContext, proposed: Proposed): Promise<FiguresRead> {
  const start = readCursor(urlOf(c, proposed), c.req.query("cursor"), readKey) ?? 0;
  const { setting, proposal } = proposed;
  const page = { limit: PAGE_SIZE, start };
  const { database, company } = c.var;
  return { start, preview: await previewRegrouping(database, company.key, setting, proposal, page) };
}

/** The URL of a proposed change; the cursors of its changes belong to that of the first page. */
function urlOf(c: ConsoleContext, { setting, edit, given }: Proposed, more: Query = {}): string {
  const page = edit === "grouping" ? "groupingPreview" : "mappingPreview";
  return href(page, { companyId: c.var.company.id, settingId: setting.id }, { ...given, ...more });
}

function FiguresOf({ c, proposed, start, preview }: FiguresRead & { c: ConsoleContext; proposed: Proposed }) {
  const ids = { companyId: c.var.company.id, settingId: proposed.setting.id };
  const figures = c.req.query("figures") === "now" ? "now" : undefined;
  const next = preview.next === null ? null : encodeCursor([urlOf(c, proposed)], preview.next);
  return (
    <Figures
      companyId={ids.companyId}
      preview={preview}
      applyUrl={href(proposed.edit, ids)}
      given={proposed.given}
      first={start === 0 ? null : urlOf(c, proposed, { figures })}
      next={next === null ? null : urlOf(c, proposed, { cursor: next, figures })}
    />
  );
}
