import type { Child } from "hono/jsx";
import type { HoldRecord } from "../../holds/hold-store.ts";
import type { HeldFigures } from "../../previews/preview-release.ts";
import type { ConsoleContext } from "../console-env.ts";
import { countedValue, readCounted } from "../count-shown-in-form.ts";
import { attempt } from "../perform-for-page.ts";
import { type Errors, readValues } from "../read-form.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { Refused } from "../refused.ts";
import { href } from "../routes.ts";
import { DecisionLater } from "../views/figures-loaded-later.tsx";
import { ErrorSummary, FormEnd, Hidden } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { countOf, formatCount } from "../views/moments-and-counts.tsx";
import { isTyped, TYPED_ABOVE, TypedCount } from "../views/typed-count.tsx";
import {
  type Asked,
  countDecision,
  peopleIn,
  readAsked,
  readDecision,
  readHeld,
  requireAnybody,
  requireSome,
  toValues,
} from "./asked-decision.ts";
import { requireHold } from "./hold-page.tsx";
import { HOLD_WORDS, lastingOf } from "./hold-words.tsx";

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
  return askRelease(c, readAsked(c.req.query(), c.req.queries("user")), c.req.query("typed") === "wrong");
}

/** The page that asks; after a wrong number it counts anew, and says what is right. */
async function askRelease(c: ConsoleContext, asked: Asked, isWrong: boolean) {
  const isAsked = c.req.query("figures") === "now";
  const { hold, figures, at: moment } = await atOneMoment(c, () => readDecision(c, asked, isAsked));
  const at = { companyId: c.var.company.id, holdId: hold.id };
  const errors: Errors = !isWrong ? {} : figures === null ? { typed: "" } : wrongCount(figures);
  const values = { ...toValues(asked), typed: isWrong ? "wrong" : undefined };
  return c.html(
    <HoldFrame
      c={c}
      hold={hold}
      title={`Release ${figures === null ? "everybody who waits" : peopleIn(figures)}?`}
      lead={`What waits is carried out, in steps.${figures?.enrolments.length === 0 ? "" : " Trainings that end cannot be given back with their progress."}`}
    >
      <form class="card stack" method="post" action={href("releaseHold", at)}>
        <ErrorSummary errors={errors} />
        <Hidden values={toValues(asked)} />
        {figures === null ? (
          <DecisionLater
            url={href("releaseFigures", at, values)}
            plainUrl={href("releaseHold", at, { ...values, figures: "now" })}
            cancel={href("hold", at)}
          />
        ) : (
          <Release at={at} hold={hold} figures={figures} moment={moment} errors={errors} />
        )}
      </form>
    </HoldFrame>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** What the release of all who wait does in numbers, and the button, for the script to put into the page. */
export async function showReleaseFigures(c: ConsoleContext) {
  const { hold, figures, at: moment } = await atOneMoment(c, () => countDecision(c, readAsked(c.req.query())));
  const at = { companyId: c.var.company.id, holdId: hold.id };
  const errors = c.req.query("typed") === "wrong" ? wrongCount(figures) : {};
  return c.html(<Release at={at} hold={hold} figures={figures} moment={moment} errors={errors} />);
}

function wrongCount({ people }: HeldFigures): Errors {
  return { typed: `Type ${formatCount(people)}: that many people are released.` };
}

interface DecisionProps {
  at: { companyId: string; holdId: string };
  figures: HeldFigures;
}

interface ReleaseProps extends DecisionProps {
  hold: HoldRecord;
  /** The company's newest change before those who wait were counted. */
  moment: string;
  errors: Errors;
}

function Release({ at, hold, figures, moment, errors }: ReleaseProps) {
  return (
    <div class="stack">
      <Hidden values={countedValue({ people: figures.people, at: moment })} />
      <Figures figures={figures} kind={hold.kind} />
      {figures.people > TYPED_ABOVE && <TypedCount people={figures.people} errors={errors} />}
      <FormEnd cancel={href("hold", at)} label={`Release ${peopleIn(figures)}`} isDanger />
    </div>
  );
}

/** Asks before what waits is kept. */
export async function showKeeping(c: ConsoleContext) {
  const asked = readAsked(c.req.query(), c.req.queries("user"));
  const isAsked = c.req.query("figures") === "now";
  const { hold, figures } = await atOneMoment(c, () => readDecision(c, asked, isAsked));
  const at = { companyId: c.var.company.id, holdId: hold.id };
  return c.html(
    <HoldFrame
      c={c}
      hold={hold}
      title={`Keep ${figures === null ? "everybody who waits" : peopleIn(figures)}?`}
      lead="Nobody leaves a target group or a training by this."
    >
      <form class="card stack" method="post" action={href("keepHold", at)}>
        <Hidden values={toValues(asked)} />
        {figures === null ? (
          <DecisionLater
            url={href("keepFigures", at, toValues(asked))}
            plainUrl={href("keepHold", at, { ...toValues(asked), figures: "now" })}
            cancel={href("hold", at)}
          />
        ) : (
          <Keeping at={at} hold={hold} figures={figures} />
        )}
      </form>
    </HoldFrame>,
  );
}

/** How many are kept, and the button, for the script to put into the page. */
export async function showKeepingFigures(c: ConsoleContext) {
  const { hold, figures } = await atOneMoment(c, () => countDecision(c, readAsked(c.req.query())));
  const at = { companyId: c.var.company.id, holdId: hold.id };
  return c.html(<Keeping at={at} hold={hold} figures={figures} />);
}

function Keeping({ at, hold, figures }: DecisionProps & { hold: HoldRecord }) {
  const people = peopleIn(figures);
  return (
    <div class="stack">
      <p data-said>
        {`${people} ${figures.people === 1 ? "stays" : "stay"} as they are here, though the identity provider says otherwise.${lastingOf(hold.kind, figures)}`}
      </p>
      {figures.deleted > 0 && (
        <p>
          {`${countOf(figures.deleted, "person is", "people are")} deleted at the identity provider: kept, they stay without a connection, to be edited and removed by hand.`}
        </p>
      )}
      <FormEnd cancel={href("hold", at)} label={`Keep ${people}`} />
    </div>
  );
}

function Figures({ figures, kind }: { figures: HeldFigures; kind: HoldRecord["kind"] }) {
  const { deactivated, deleted, memberships, enrolments } = figures;
  return (
    <ul class="bullets" data-said>
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
  await requireAnybody(c, hold, asked);
  const count = async () => requireSome(await readHeld(c, hold, asked)).people;
  const people = await readCounted(c, values, count, hold.people);
  if (people > TYPED_ABOVE && !isTyped(values, people)) return askRelease(c, asked, true);
  return decide(c, hold, "release", asked);
}

/** Has what was shown kept. */
export async function keepHold(c: ConsoleContext) {
  const hold = await requireHold(c);
  const asked = readAsked(await readValues(c));
  await requireAnybody(c, hold, asked);
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
