import * as z from "zod";
import { PREVIEW, previewRemoval } from "../../consequences/preview-change.ts";
import { findSetting, type SettingRecord } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import { forgetTokens } from "../../settings/token-routing.ts";
import { listLiveTokenIds } from "../../settings/token-store.ts";
import { atOneMoment } from "../at-one-moment.ts";
import type { ConsoleContext } from "../console-env.ts";
import { isTyped, TYPED_ABOVE, TypedCount } from "../holds/decision-pages.tsx";
import { attempt } from "../perform-for-page.ts";
import { type Errors, readForm } from "../read-form.ts";
import { Refused } from "../refused.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { Choice, Decision, ErrorSummary, FieldError, Hidden } from "../views/form.tsx";
import { countOf } from "../views/moments-and-counts.tsx";
import { SettingFrame } from "./edit-mapping-and-grouping-pages.tsx";
import { findOpenHolds, HoldsFirst, holdsOf } from "./open-holds.tsx";
import { EnrolmentFigures, GroupFigures } from "./preview-figures.tsx";

const deletion = z.object({
  users: z.enum(["keep", "remove"]),
  holds: z.literal("leave").optional(),
  typed: z.string().optional(),
});

/** Asks what becomes of the people before a setting is deleted. */
export async function showDeletion(c: ConsoleContext, shown: SettingRecord, errors: Errors = {}) {
  const ids = { companyId: c.var.company.id, settingId: shown.id };
  const { setting, held, ends } = await readDeletion(c, shown);
  const count = setting.users.active + setting.users.inactive;
  const people = countOf(count, "person", "people");
  return c.html(
    <SettingFrame
      c={c}
      setting={setting}
      title={`Delete ${setting.name}`}
      lead="Its tokens stop working at once and the provider's requests are refused. This cannot be undone."
    >
      <form class="card stack" method="post" action={href("deleteSetting", ids)}>
        <ErrorSummary errors={errors} />
        <HoldsFirst
          companyId={ids.companyId}
          held={held}
          rest="or keep everybody: those who wait stay as they are. They cannot be removed before you have decided."
        />
        {isSilent(setting) ? (
          <InShadow people={people} />
        ) : (
          <Fate count={count} people={people} ends={ends} errors={errors} />
        )}
        <Decision cancel={href("setting", ids)} label="Delete this setting" isDanger />
      </form>
    </SettingFrame>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** Those in shadow are nothing yet that could be kept. */
function InShadow({ people }: { people: string }) {
  return (
    <>
      <Hidden values={{ users: "remove" }} />
      <p>{`${people} in shadow ${people.startsWith("1 ") ? "is" : "are"} removed with it. Nobody is in a group or a training by this setting.`}</p>
    </>
  );
}

interface FateProps {
  count: number;
  people: string;
  ends: Awaited<ReturnType<typeof previewRemoval>>;
  errors: Errors;
}

/** Asks what becomes of a setting's people. */
function Fate({ count, people, ends, errors }: FateProps) {
  return (
    <>
      <fieldset aria-describedby={errors.users === undefined ? undefined : "users-error"}>
        <legend>{`What becomes of ${people}?`}</legend>
        <div class="choices">
          <Choice
            name="users"
            value="keep"
            title="Keep them as they are"
            hint="They stay in their target groups and enrolments, and nothing keeps them up to date any more: you find them under People, “Without a connection”, and edit or remove them there."
            checked={false}
          />
          <Choice
            name="users"
            value="remove"
            title="Remove them"
            hint="They leave all groups, their enrolments are withdrawn, and they are gone. The change feed keeps the fact."
            checked={false}
          />
        </div>
        <FieldError name="users" errors={errors} />
      </fieldset>
      <section class="stack tight" aria-labelledby="removed-title">
        <h2 id="removed-title">{`If you remove ${people}`}</h2>
        <p>{`${countOf(ends.leaves, "membership")} of target groups end.`}</p>
        <GroupFigures groups={ends.groups} />
        <EnrolmentFigures enrolments={ends.enrolments} />
        {count > TYPED_ABOVE && <TypedCount people={count} errors={errors} />}
      </section>
    </>
  );
}

function readDeletion(c: ConsoleContext, shown: SettingRecord) {
  const { database, company } = c.var;
  return atOneMoment(c, async () => ({
    setting: (await findSetting(database, company.key, shown.id)) ?? shown,
    held: await findOpenHolds(c, shown),
    ends: await searchOf(c)(PREVIEW, (reads) => previewRemoval(reads, company.key, shown.key)),
  }));
}

/** Deletes a setting with the choice made. */
export async function deleteSetting(c: ConsoleContext, setting: SettingRecord) {
  const form = await readForm(c, deletion);
  if (!form.ok) return showDeletion(c, setting, { users: "Choose what becomes of its people." });
  const { users, holds, typed } = form.data;
  const count = setting.users.active + setting.users.inactive;
  if (users === "remove" && !isSilent(setting) && count > TYPED_ABOVE && !isTyped({ typed: typed ?? "" }, count))
    return showDeletion(c, setting, { typed: `Type ${count}: that many people are removed.` });
  const tokenIds = await listLiveTokenIds(c.var.database, c.var.company.key, setting.key);
  const operation = { kind: "deleteSetting", settingId: setting.id, users, ...holdsOf({ holds }) } as const;
  const result = await attempt(c, operation, setting);
  if (!result.ok && result.code === "hold_open") return showDeletion(c, setting, { users: result.detail });
  if (!result.ok) throw new Refused(result.status, "That was refused", result.detail);
  await forgetTokens(c.env, tokenIds);
  return c.redirect(href("settings", { companyId: c.var.company.id }, { done: "deleted" }), 303);
}
