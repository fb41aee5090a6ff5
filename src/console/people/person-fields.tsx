import type { TargetUser } from "../../directory/target-user-store.ts";
import type { Field } from "../../settings/fields.ts";
import { href } from "../routes.ts";
import { Moment } from "../views/moments-and-counts.tsx";

interface FieldProps {
  companyId: string;
  user: TargetUser;
  fields: readonly Field[];
}

/** What is known of a person: every field, the ids, where it came from. */
export function PersonFields({ companyId, user, fields }: FieldProps) {
  return (
    <section class="card stack" aria-labelledby="fields-title">
      <h2 id="fields-title">Fields</h2>
      <dl class="facts">
        {fields.map(({ key, label }) => (
          <>
            <dt>{label}</dt>
            <dd>
              {user.fields[key] === null || user.fields[key] === undefined ? (
                <span class="soft">–</span>
              ) : (
                String(user.fields[key])
              )}
            </dd>
          </>
        ))}
        <dt>External id</dt>
        <dd class="mono">{user.externalId ?? "–"}</dd>
        <dt>SCIM id</dt>
        <dd class="mono">{user.id}</dd>
        <dt>SCIM setting</dt>
        <dd>
          {user.setting.isDeleted ? (
            `${user.setting.name} (deleted)`
          ) : (
            <a href={href("setting", { companyId, settingId: user.setting.id })}>{user.setting.name}</a>
          )}
          {!user.managed && !user.setting.isDeleted && " (without a connection)"}
        </dd>
        <dt>Added</dt>
        <dd>
          <Moment time={user.createdAt} exact />
        </dd>
        <dt>Last change</dt>
        <dd>
          <Moment time={user.updatedAt} exact />
        </dd>
      </dl>
    </section>
  );
}
