import type { Child } from "hono/jsx";
import { type Preview, previewRegrouping } from "../../grouping/preview.ts";
import { listFields } from "../../settings/field-store.ts";
import { mergeMappings } from "../../settings/fields.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { PAGE_SIZE } from "../cursor.ts";
import { perform } from "../perform.ts";
import { readValues, type Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { Hidden } from "../views/form.tsx";
import { Breakable, countOf, formatCount, Pager, Pill } from "../views/parts.tsx";
import { groupingOf, pathsOf, SettingFrame, showGrouping, showMapping, valuesWith } from "./edit-pages.tsx";
import { describeGrouping } from "./grouping-form.tsx";
import { judgeGrouping, judgeMapping, readMappings } from "./setting-draft.ts";

/** Who would join and leave which group under other group settings; wrong ones come back as the form. */
export async function previewGrouping(c: ConsoleContext, setting: SettingRecord) {
  const given = groupingOf(c.req.query());
  const values = valuesWith(setting, given);
  const fields = await listFields(c.var.database, c.var.company.key);
  const { input, errors } = judgeGrouping(values, fields);
  if (input === null) return showGrouping(c, setting, errors);
  const preview = await previewPage(c, setting, { mappings: setting.mappings, groupSettings: input });
  return showPreview(c, setting, {
    preview,
    given,
    edit: "grouping",
    page: "groupingPreview",
    what: <p>{describeGrouping(values, fields)}</p>,
  });
}

/** Who would join and leave which group under another mapping; a wrong one comes back as the form. */
export async function previewMapping(c: ConsoleContext, setting: SettingRecord) {
  const given = pathsOf(c.req.query());
  const fields = await listFields(c.var.database, c.var.company.key);
  const errors = judgeMapping(given, fields);
  if (Object.keys(errors).length > 0) return showMapping(c, setting, errors);
  const mappings = mergeMappings(readMappings(given, fields));
  const { targetGroupScope, criteria, field } = setting.groupSettings;
  const groupSettings = {
    targetGroupId: setting.targetGroup?.id,
    targetGroupScope,
    criteria,
    field: field ?? undefined,
  };
  const preview = await previewPage(c, setting, { mappings, groupSettings });
  const before = new Map(setting.mappings.map((mapping) => [mapping.field, mapping.path]));
  const changed = mappings.filter((mapping) => before.get(mapping.field) !== mapping.path);
  const dropped = setting.mappings.filter((mapping) => !mappings.some((other) => other.field === mapping.field));
  const labelOf = (key: string) => fields.find((each) => each.key === key)?.label ?? key;
  return showPreview(c, setting, {
    preview,
    given,
    edit: "mapping",
    page: "mappingPreview",
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
  });
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
  const errors = judgeMapping(given, fields);
  if (Object.keys(errors).length > 0) return showMapping(c, setting, errors);
  await perform(
    c,
    { kind: "updateSetting", settingId: setting.id, fieldMappings: readMappings(given, fields) },
    setting,
  );
  return c.redirect(href("setting", { companyId: c.var.company.id, settingId: setting.id }, { done: "remapped" }), 303);
}

function previewPage(c: ConsoleContext, setting: SettingRecord, proposal: Parameters<typeof previewRegrouping>[3]) {
  const cursor = c.req.query("cursor");
  const page = { limit: PAGE_SIZE, cursor: cursor !== undefined && /^\d{1,9}$/.test(cursor) ? cursor : null };
  return previewRegrouping(c.var.database, c.var.company.key, setting, proposal, page);
}

interface Shown {
  preview: Preview;
  given: Values;
  edit: "grouping" | "mapping";
  page: "groupingPreview" | "mappingPreview";
  what: Child;
}

function showPreview(c: ConsoleContext, setting: SettingRecord, { preview, given, edit, page, what }: Shown) {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  const { joins, leaves } = preview;
  return c.html(
    <SettingFrame c={c} setting={setting} title="Preview" lead="Nothing has been changed yet.">
      <div class="stack">
        <section class="card stack">
          <h2>What would change</h2>
          {what}
          <p>
            <Pill tone="good">{`${formatCount(joins)} joining`}</Pill>{" "}
            <Pill tone="warn">{`${formatCount(leaves)} leaving`}</Pill>
          </p>
          <form method="post" action={href(edit, ids)}>
            <Hidden values={given} />
            <div class="actions">
              <button class="primary" type="submit">
                {joins + leaves === 0 ? "Apply" : `Apply: ${countOf(joins + leaves, "membership")} change`}
              </button>
              <a class="button" href={href(edit, ids, given)}>
                Back to the form
              </a>
            </div>
          </form>
        </section>
        <section class="card flush" aria-label="Who joins and leaves what">
          <Changes preview={preview} companyId={ids.companyId} />
          {(preview.nextCursor !== null || c.req.query("cursor") !== undefined) && (
            <Pager
              shown={`${formatCount(preview.changes.length)} of ${formatCount(joins + leaves)}`}
              first={c.req.query("cursor") === undefined ? null : href(page, ids, given)}
              next={preview.nextCursor === null ? null : href(page, ids, { ...given, cursor: preview.nextCursor })}
            />
          )}
        </section>
      </div>
    </SettingFrame>,
  );
}

function Changes({ preview, companyId }: { preview: Preview; companyId: string }) {
  if (preview.changes.length === 0) return <p class="pager">Nobody joins or leaves a group.</p>;
  return (
    <table>
      <caption>Who joins and leaves what</caption>
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">Does what</th>
          <th scope="col">Target group</th>
        </tr>
      </thead>
      <tbody>
        {preview.changes.map(({ userId, userName, groupName, action }) => (
          <tr>
            <th scope="row">
              <a href={href("person", { companyId, userId })}>
                <Breakable name={userName} />
              </a>
            </th>
            <td>
              <Pill tone={action === "join" ? "good" : "warn"}>{action === "join" ? "Joins" : "Leaves"}</Pill>
            </td>
            <td>{groupName}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
