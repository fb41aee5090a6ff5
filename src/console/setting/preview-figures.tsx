import type { Preview } from "../../grouping/preview-regrouping.ts";
import type { OpenHolds } from "../../holds/open-hold-counts-store.ts";
import type { Errors, Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { ExportLink } from "../views/export-link.tsx";
import { FiguresLater } from "../views/figures-loaded-later.tsx";
import { Hidden } from "../views/form.tsx";
import { type Column, Table } from "../views/list.tsx";
import { countOf, formatCount } from "../views/moments-and-counts.tsx";
import { Breakable, Pager, Pill } from "../views/pills-notices-pager.tsx";
import { TYPED_ABOVE, TypedCount } from "../views/typed-count.tsx";
import { HoldsFirst } from "./open-holds.tsx";

/** What stands where the figures will be: drawn in their shape, so that nothing moves when they come. */
export function WaitingForFigures({ url, plainUrl }: { url: string; plainUrl: string }) {
  return (
    <FiguresLater
      url={url}
      plain={
        <section class="card">
          <a class="button primary" href={plainUrl}>
            Show who joins and leaves
          </a>
        </section>
      }
      again={<a href={plainUrl}>Try again</a>}
    >
      <section class="card stack" aria-labelledby="figures-title">
        <h2 id="figures-title">In numbers</h2>
        <p class="soft" role="status">
          Working out who joins and leaves…
        </p>
        <p class="bone" aria-hidden="true" />
      </section>
      <div class="card flush" aria-hidden="true">
        <table>
          <tbody>
            {[0, 1, 2, 3].map(() => (
              <tr>
                <td>
                  <p class="bone" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </FiguresLater>
  );
}

interface Props {
  companyId: string;
  preview: Preview;
  /** What waits in holds of the setting. */
  held: OpenHolds;
  applyUrl: string;
  csvUrl: string;
  errors: Errors;
  given: Values;
  first: string | null;
  next: string | null;
}

/** How many join and leave and what comes of it, the button that applies it, and who they are. */
export function Figures({ companyId, preview, held, applyUrl, csvUrl, given, errors, first, next }: Props) {
  const { joins, leaves, changes } = preview;
  const isDanger = leaves > 0 || preview.enrolments?.some(({ ends }) => ends > 0) === true;
  return (
    <div class="stack">
      <section class="card stack" aria-labelledby="figures-title">
        <h2 id="figures-title">In numbers</h2>
        <p data-said>
          <Pill tone="good">{`${formatCount(joins)} joining`}</Pill>{" "}
          <Pill tone="warn">{`${formatCount(leaves)} leaving`}</Pill>
        </p>
        <GroupFigures {...preview} />
        <EnrolmentFigures enrolments={preview.enrolments} />
        <form class="stack" method="post" action={applyUrl}>
          <HoldsFirst companyId={companyId} held={held} rest="or apply this and leave those who wait untouched." />
          <Hidden values={given} />
          {leaves > TYPED_ABOVE && <TypedCount people={leaves} errors={errors} />}
          <p class="row">
            <button class={isDanger ? "danger" : "primary"} type="submit">
              {joins + leaves === 0 ? "Apply" : `Apply: ${countOf(joins + leaves, "membership")} change`}
            </button>
            {joins + leaves > 0 && <ExportLink url={csvUrl} />}
          </p>
        </form>
      </section>
      <section class="card flush" aria-label="Who joins and leaves what">
        {changes.length === 0 ? (
          <p class="pager">Nobody joins or leaves a group.</p>
        ) : (
          <Table caption="Who joins and leaves what" columns={columnsOf(companyId)} rows={changes} />
        )}
        {(first !== null || next !== null) && (
          <Pager shown={`${formatCount(changes.length)} of ${formatCount(joins + leaves)}`} first={first} next={next} />
        )}
      </section>
    </div>
  );
}

function columnsOf(companyId: string): Column<Preview["changes"][number]>[] {
  return [
    {
      head: "Person",
      namesRow: true,
      cell: ({ userId, userName }) => (
        <a href={href("person", { companyId, userId })}>
          <Breakable name={userName} />
        </a>
      ),
    },
    {
      head: "Does what",
      cell: ({ action }) => (
        <Pill tone={action === "join" ? "good" : "warn"}>{action === "join" ? "Joins" : "Leaves"}</Pill>
      ),
    },
    { head: "Target group", cell: ({ groupName }) => groupName },
  ];
}

/** How many target groups are made, and how many lose their last member. */
export function GroupFigures({ groups }: Pick<Preview, "groups">) {
  if (groups.new + groups.emptied === 0) return null;
  const parts = [
    ...(groups.new > 0 ? [`${countOf(groups.new, "target group is", "target groups are")} made`] : []),
    ...(groups.emptied > 0
      ? [`${countOf(groups.emptied, "target group loses its", "target groups lose their")} last member`]
      : []),
  ];
  return <p>{`${parts.join(", ")}.`}</p>;
}

/** Which trainings and simulations start and end, for how many persons. */
export function EnrolmentFigures({ enrolments }: Pick<Preview, "enrolments">) {
  if (enrolments === null)
    return <p>Which trainings start and end cannot be told: people would be known by another e-mail.</p>;
  if (enrolments.length === 0) return <p>No training or simulation starts or ends.</p>;
  return (
    <ul class="bullets">
      {enrolments.map(({ kind, name, starts, ends }) => (
        <li>
          {`${kind === "phishing" ? "Phishing simulation" : "Training"} “${name}”: `}
          {[
            ...(starts > 0 ? [`starts for ${countOf(starts, "person", "people")}`] : []),
            ...(ends > 0 ? [`ends for ${countOf(ends, "person", "people")}`] : []),
          ].join(", ")}
        </li>
      ))}
    </ul>
  );
}
