import type { Child } from "hono/jsx";
import { PREVIEW } from "../../consequences/preview-change.ts";
import { type HeldFigures, readHeldFigures, selectHeldFigures } from "../../holds/held-figures-store.ts";
import type { HoldRecord } from "../../holds/hold-store.ts";
import { runRead } from "../../platform/read-batch.ts";
import { atOneMoment } from "../at-one-moment.ts";
import type { ConsoleContext } from "../console-env.ts";
import { attempt } from "../perform-for-page.ts";
import { type Errors, readValues, type Values } from "../read-form.ts";
import { Refused } from "../refused.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { Decision, ErrorSummary, Hidden, Input } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { countOf, formatCount } from "../views/moments-and-counts.tsx";
import { requireHold } from "./hold-page.tsx";
import { HOLD_WORDS } from "./hold-words.tsx";

/** People that a decision may name in a form: those of one page. */
const MOST_NAMED = 200;
/** Above so many people the number is typed before they are released. */
export const TYPED_ABOVE = 100;

interface Asked {
  version: number;
  userIds: string[] | null;
}

/** A page about one hold. */
export function HoldFrame({
  c,
  hold,
  title,
  lead,
  children,
}: {
  c: ConsoleContext;
  hold: HoldRecord;
  title: string;
  lead: string;
  children?: Child;
}) {
  const companyId = c.var.company.id;
  return (
    <Page
      title={title}
      company={c.var.company}
      session={c.var.session}
      section="holds"
      crumbs={[
        { label: "Holds", url: href("holds", { companyId }) },
        { label: HOLD_WORDS[hold.kind].title, url: href("hold", { companyId, holdId: hold.id }) },
      ]}
      lead={`${lead} SCIM setting “${hold.settingName}”.`}
      narrow
    >
      {children}
    </Page>
  );
}

/** Asks before what waits is released, with what it does in numbers. */
export async function showRelease(c: ConsoleContext) {
  return askRelease(c, readAsked(c.req.query(), c.req.queries("user")), {});
}

async function askRelease(c: ConsoleContext, asked: Asked, errors: Errors) {
  const { hold, figures } = await atOneMoment(c, async () => {
    const found = await requireHold(c);
    return { hold: found, figures: await readFigures(c, found, asked) };
  });
  requireSome(figures);
  const at = { companyId: c.var.company.id, holdId: hold.id };
  const people = countOf(figures.people, "person", "people");
  return c.html(
    <HoldFrame
      c={c}
      hold={hold}
      title={`Release ${people}?`}
      lead="What waits is carried out, in steps. Trainings that end cannot be given back with their progress."
    >
      <form class="card stack" method="post" action={href("releaseHold", at)}>
        <ErrorSummary errors={errors} />
        <Figures figures={figures} kind={hold.kind} />
        <Hidden values={toValues(asked)} />
        {figures.people > TYPED_ABOVE && <TypedCount people={figures.people} errors={errors} />}
        <Decision cancel={href("hold", at)} label={`Release ${people}`} isDanger />
      </form>
    </HoldFrame>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** The field in which a large number of people is typed by whoever decides about them. */
export function TypedCount({ people, errors }: { people: number; errors: Errors }) {
  return (
    <Input
      name="typed"
      label={`Type ${people} to go on`}
      values={{}}
      errors={errors}
      hint="So many people are not let go by a slip of the hand."
      autocomplete="off"
      maxlength={12}
    />
  );
}

/** Asks before what waits is kept. */
export async function showKeeping(c: ConsoleContext) {
  const hold = await requireHold(c);
  const at = { companyId: c.var.company.id, holdId: hold.id };
  const asked = readAsked(c.req.query(), c.req.queries("user"));
  const figures = await readFigures(c, hold, asked);
  requireSome(figures);
  const people = countOf(figures.people, "person", "people");
  return c.html(
    <HoldFrame c={c} hold={hold} title={`Keep ${people}?`} lead="Nobody leaves a target group or a training by this.">
      <form class="card stack" method="post" action={href("keepHold", at)}>
        <p>
          {`${people} ${figures.people === 1 ? "stays" : "stay"} as they are here, though the identity provider says otherwise. It lasts until that difference has gone and come again: somebody who is active there again and then inactive follows as usual.`}
        </p>
        {figures.deleted > 0 && (
          <p>
            {`${countOf(figures.deleted, "person is", "people are")} deleted at the identity provider: kept, they stay without a connection, to be edited and removed by hand.`}
          </p>
        )}
        <Hidden values={toValues(asked)} />
        <Decision cancel={href("hold", at)} label={`Keep ${people}`} />
      </form>
    </HoldFrame>,
  );
}

function Figures({ figures, kind }: { figures: HeldFigures; kind: HoldRecord["kind"] }) {
  const { deactivated, deleted, memberships, enrolments } = figures;
  return (
    <ul class="bullets">
      {deactivated > 0 && <li>{`${countOf(deactivated, "person is", "people are")} set inactive`}</li>}
      {deleted > 0 && (
        <li>{`${countOf(deleted, "person is", "people are")} removed, and what is held of them erased: that cannot be undone`}</li>
      )}
      <li>{`${countOf(memberships, "membership")} of target groups ${memberships === 1 ? "ends" : "end"}`}</li>
      {enrolments.length === 0 && <li>Nobody is withdrawn from a training or simulation</li>}
      {enrolments.map(({ kind: what, name, people: count }) => (
        <li>
          {`${countOf(count, "person is", "people are")} withdrawn from the ${what === "phishing" ? "phishing simulation" : "training"} “${name}”`}
        </li>
      ))}
      {kind === "moves" && <li>They join the target groups of their new values</li>}
    </ul>
  );
}

/** Has what was shown released. */
export async function releaseHold(c: ConsoleContext) {
  const hold = await requireHold(c);
  const values = await readValues(c);
  const asked = readAsked(values);
  const figures = await readFigures(c, hold, asked);
  const { people } = requireSome(figures);
  if (people > TYPED_ABOVE && !isTyped(values, people))
    return askRelease(c, asked, { typed: `Type ${formatCount(people)}: that many people are released.` });
  return decide(c, hold, "release", asked);
}

/** Refuses a decision about nobody: what it was about has dissolved, or was decided, since the page was shown. */
function requireSome<Figures extends { people: number }>(figures: Figures): Figures {
  if (figures.people > 0) return figures;
  throw new Refused(
    409,
    "Nothing of this waits any more",
    "Nothing was changed. It has come back by itself, or was decided, since the page was shown. Open the hold again to see what waits now.",
  );
}

/** Whether the number of people was typed; with or without a thousands mark. */
export function isTyped({ typed = "" }: Values, people: number): boolean {
  return typed.replace(/[\s,.]/g, "") === String(people);
}

/** Has what was shown kept. */
export async function keepHold(c: ConsoleContext) {
  const hold = await requireHold(c);
  const asked = readAsked(await readValues(c));
  requireSome(await readFigures(c, hold, asked));
  return decide(c, hold, "keep", asked);
}

async function decide(c: ConsoleContext, hold: HoldRecord, decision: "release" | "keep", asked: Asked) {
  const { version, userIds } = asked;
  const result = await attempt(c, {
    ...{ kind: "decideHold", holdId: hold.id, decision, version },
    ...(userIds === null ? {} : { userIds }),
  });
  if (!result.ok) throw new Refused(result.status, "That was refused", result.detail);
  return c.redirect(
    href("hold", { companyId: c.var.company.id, holdId: hold.id }, { done: decision === "keep" ? "kept" : "released" }),
    303,
  );
}

async function readFigures(c: ConsoleContext, hold: HoldRecord, { version, userIds }: Asked): Promise<HeldFigures> {
  if (version > hold.version)
    throw new Refused(
      409,
      "This version of the hold was never shown",
      `Nothing was changed. The hold is at version ${hold.version}: open it again and decide from there.`,
    );
  // Of those who are named an index leads to each; of all it looks at everybody who waits.
  return userIds === null
    ? searchOf(c)(PREVIEW, (reads) => readHeldFigures(reads, hold.key, version))
    : runRead(c.var.database, selectHeldFigures(hold.key, { version, userIds }));
}

/** What a decision is about: the version that was shown, and the people ticked, or all. */
function readAsked({ version, users, of }: Values, ticked?: readonly string[]): Asked {
  if (version === undefined || !/^\d{1,15}$/.test(version))
    throw new Refused(400, "This page needs a hold’s version", "Open the hold again and decide from there.");
  return { version: Number(version), userIds: readNamed({ users, of }, ticked) };
}

/** The people that a form names, or null for all; one of ticked people without any is refused, since it would mean all. */
export function readNamed(
  { users, of }: { users?: string | undefined; of?: string | undefined },
  ticked?: readonly string[],
): string[] | null {
  const named = [...new Set((ticked ?? users?.split(",") ?? []).filter((id) => id !== ""))].slice(0, MOST_NAMED);
  if (named.length > 0) return named;
  if (of !== "ticked" && users === undefined) return null;
  throw new Refused(422, "Nobody is ticked", "Nothing was changed. Go back, tick people, and try again.");
}

function toValues({ version, userIds }: Asked): Record<string, string | undefined> {
  return { version: String(version), users: userIds?.join(",") };
}
