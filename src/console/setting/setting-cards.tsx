import type { Field } from "../../settings/fields.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import { href } from "../routes.ts";
import { formatCount, Moment } from "../views/moments-and-counts.tsx";
import { describeGrouping } from "./grouping-form.tsx";
import { fieldsWithoutPath, toValues } from "./setting-draft.ts";

interface Ids {
  companyId: string;
  settingId: string;
}

/** How many people and groups came through a setting, and when it was last heard of. */
export function CountsCard({ companyId, setting }: { companyId: string; setting: SettingRecord }) {
  const people = (status: string) =>
    isSilent(setting)
      ? href("shadow", { companyId, settingId: setting.id })
      : href("people", { companyId }, { setting: setting.id, status });
  return (
    <dl class="stats">
      <div>
        <dt>Active users</dt>
        <dd>
          <a href={people("active")}>{formatCount(setting.users.active)}</a>
        </dd>
      </div>
      <div>
        <dt>Inactive users</dt>
        <dd>
          <a href={people("inactive")}>{formatCount(setting.users.inactive)}</a>
        </dd>
      </div>
      <div>
        <dt>Groups received</dt>
        <dd>{formatCount(setting.groupCount)}</dd>
      </div>
      <div>
        <dt>Last request</dt>
        <dd>
          <Moment time={setting.lastRequestAt} none="never" />
        </dd>
      </div>
    </dl>
  );
}

/** How a setting sorts people. */
export function GroupingCard({ ids, setting, fields }: { ids: Ids; setting: SettingRecord; fields: readonly Field[] }) {
  return (
    <section class="card" aria-labelledby="grouping-title">
      <div class="row between">
        <h2 id="grouping-title">Group settings</h2>
        <a href={href("grouping", ids)}>Change</a>
      </div>
      <p>{describeGrouping(toValues(setting), fields)}</p>
    </section>
  );
}

/** Which SCIM attribute fills which field. */
export function MappingCard({ ids, setting, fields }: { ids: Ids; setting: SettingRecord; fields: readonly Field[] }) {
  const labels = new Map(fields.map(({ key, label }) => [key, label]));
  return (
    <section class="card" aria-labelledby="mapping-title">
      <div class="row between">
        <h2 id="mapping-title">Fields</h2>
        <a href={href("mapping", ids)}>Change</a>
      </div>
      <dl class="facts">
        {setting.mappings.map(({ field, path }) => (
          <>
            <dt>{labels.get(field) ?? field}</dt>
            <dd>
              <code>
                {path.replace("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:", "…enterprise:User:")}
              </code>
            </dd>
          </>
        ))}
        {fieldsWithoutPath(toValues(setting), fields).map(({ label }) => (
          <>
            <dt>{label}</dt>
            <dd class="soft">no path: not filled</dd>
          </>
        ))}
      </dl>
    </section>
  );
}

/** The way to delete a setting. */
export function EndingCard({ ids }: { ids: Ids }) {
  return (
    <section class="card stack tight" aria-labelledby="ending-title">
      <h2 id="ending-title">Delete</h2>
      <p class="soft">Ends the connection. You choose whether its people stay or go.</p>
      <p>
        <a class="button danger" href={href("deleteSetting", ids)}>
          Delete this setting…
        </a>
      </p>
    </section>
  );
}
