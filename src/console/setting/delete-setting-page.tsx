import * as z from "zod";
import { PREVIEW, previewRemoval } from "../../previews/preview-change.ts";
import { findSetting, type SettingRecord } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import { forgetTokens } from "../../settings/token-routing.ts";
import { listLiveTokenIds } from "../../settings/token-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { attempt } from "../perform-for-page.ts";
import { type Errors, readForm } from "../read-form.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { Refused } from "../refused.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { DecisionLater } from "../views/figures-loaded-later.tsx";
import { Choice, ErrorSummary, FieldError, FormEnd, Hidden } from "../views/form.tsx";
import { countOf } from "../views/moments-and-counts.tsx";
import { isTyped, TYPED_ABOVE, TypedCount } from "../views/typed-count.tsx";
import { SettingFrame } from "./edit-mapping-and-grouping-pages.tsx";
import { findOpenHolds, HoldsFirst, seenHolds } from "./open-holds.tsx";
import { EnrolmentFigures, GroupFigures } from "./preview-figures.tsx";

const deletion = z.object({
  users: z.enum(["keep", "remove"]),
  holds: z.literal("leave").optional(),
  typed: z.string().optional(),
});

interface Ids {
  companyId: string;
  settingId: string;
}

/** Asks what becomes of the people before a setting is deleted. */
export async function showDeletion(c: ConsoleContext, shown: SettingRecord, errors: Errors = {}) {
  const ids = { companyId: c.var.company.id, settingId: shown.id };
  const typed = { typed: errors.typed === undefined ? undefined : "wrong" };
  const { setting, held, ends } = await readDeletion(c, shown);
  const count = countPeople(setting);
  const people = countOf(count, "person", "people");
  const shownErrors = ends === null ? errors : { ...typedErrors(c, count), ...errors };
  return c.html(
    <SettingFrame
      c={c}
      setting={setting}
      title={`Delete ${setting.name}`}
      lead="Its tokens stop working at once and the provider’s requests are refused. This cannot be undone."
    >
      <form class="card stack" method="post" action={href("deleteSetting", ids)}>
        <ErrorSummary errors={shownErrors} />
        <HoldsFirst
          companyId={ids.companyId}
          held={held}
          rest="or keep everybody: those who wait stay as they are. They cannot be removed before you have decided."
        />
        {isSilent(setting) ? (
          <InShadow ids={ids} count={count} />
        ) : (
          <>
            <Fate people={people} errors={errors} />
            {ends === null ? (
              <DecisionLater
                url={href("deletionFigures", ids, typed)}
                plainUrl={href("deleteSetting", ids, { ...typed, figures: "now" })}
                cancel={href("setting", ids)}
              />
            ) : (
              <Removal ids={ids} count={count} ends={ends} errors={shownErrors} />
            )}
          </>
        )}
      </form>
    </SettingFrame>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** Those in shadow are nothing yet that could be kept. */
function InShadow({ ids, count }: { ids: Ids; count: number }) {
  return (
    <>
      <Hidden values={{ users: "remove" }} />
      <p>{`${countOf(count, "person in shadow is", "people in shadow are")} removed with it. Nobody is in a group or a training by this setting.`}</p>
      <DeleteOrNot ids={ids} />
    </>
  );
}

/** Asks what becomes of a setting's people. */
function Fate({ people, errors }: { people: string; errors: Errors }) {
  return (
    <fieldset aria-describedby={errors.users === undefined ? undefined : "users-error"}>
      <legend>{`What becomes of ${people}?`}</legend>
      <div class="choices">
        <Choice
          name="users"
          value="keep"
          title="Keep them as they are"
          hint="They stay in their target groups and enrolments, and nothing keeps them up to date any more: you find them under People, “Without a connection”, and edit or remove them there."
          checked={false}
          autofocus={errors.users !== undefined}
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
  );
}

/** What the removal of a setting's people does in numbers, and the button that deletes it. */
export async function showDeletionFigures(c: ConsoleContext, shown: SettingRecord) {
  const { database, company } = c.var;
  const { setting, ends } = await atOneMoment(c, async () => ({
    setting: (await findSetting(database, company.key, shown.id)) ?? shown,
    ends: await readEnds(c, shown),
  }));
  const ids = { companyId: company.id, settingId: setting.id };
  const count = countPeople(setting);
  return c.html(<Removal ids={ids} count={count} ends={ends} errors={typedErrors(c, count)} />);
}

/** What is wrong with the number that was typed, where the URL says that it was sent and is wrong. */
function typedErrors(c: ConsoleContext, count: number): Errors {
  return c.req.query("typed") === "wrong" ? wrongCount(count) : {};
}

function wrongCount(count: number): Errors {
  return { typed: `Type ${count}: that many people are removed.` };
}

function countPeople({ users }: SettingRecord): number {
  return users.active + users.inactive;
}

interface RemovalProps {
  ids: Ids;
  count: number;
  ends: Awaited<ReturnType<typeof previewRemoval>>;
  errors: Errors;
}

function Removal({ ids, count, ends, errors }: RemovalProps) {
  return (
    <div class="stack">
      <section class="stack tight" aria-labelledby="removed-title">
        <h2 id="removed-title">{`If you remove ${countOf(count, "person", "people")}`}</h2>
        <p data-said>{`${countOf(ends.leaves, "membership")} of target groups end.`}</p>
        <GroupFigures groups={ends.groups} />
        <EnrolmentFigures enrolments={ends.enrolments} />
        {count > TYPED_ABOVE && <TypedCount people={count} errors={errors} />}
      </section>
      <DeleteOrNot ids={ids} />
    </div>
  );
}

function DeleteOrNot({ ids }: { ids: Ids }) {
  return <FormEnd cancel={href("setting", ids)} label="Delete this setting" isDanger />;
}

function readDeletion(c: ConsoleContext, shown: SettingRecord) {
  const { database, company } = c.var;
  return atOneMoment(c, async () => ({
    setting: (await findSetting(database, company.key, shown.id)) ?? shown,
    held: await findOpenHolds(c, shown),
    ends: c.req.query("figures") === "now" ? await readEnds(c, shown) : null,
  }));
}

function readEnds(c: ConsoleContext, { key }: SettingRecord) {
  return searchOf(c)(PREVIEW, (reads) => previewRemoval(reads, c.var.company.key, key));
}

/** Deletes a setting with the choice made. */
export async function deleteSetting(c: ConsoleContext, setting: SettingRecord) {
  const form = await readForm(c, deletion);
  if (!form.ok) return showDeletion(c, setting, { users: "Choose what becomes of its people." });
  const { users, holds, typed } = form.data;
  const count = countPeople(setting);
  if (users === "remove" && !isSilent(setting) && count > TYPED_ABOVE && !isTyped({ typed: typed ?? "" }, count))
    return showDeletion(c, setting, wrongCount(count));
  const tokenIds = await listLiveTokenIds(c.var.database, c.var.company.key, setting.key);
  const operation = { kind: "deleteSetting", settingId: setting.id, users, ...seenHolds({ holds }) } as const;
  const result = await attempt(c, operation, setting);
  if (!result.ok && result.code === "hold_open") return showDeletion(c, setting, { users: result.detail });
  if (!result.ok) throw new Refused(result.status, "That was refused", result.detail);
  await forgetTokens(c.env, tokenIds);
  return c.redirect(href("settings", { companyId: c.var.company.id }, { done: "deleted" }), 303);
}
