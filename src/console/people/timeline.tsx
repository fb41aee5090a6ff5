import type { Change } from "../../changes/change.ts";
import type { ListPage } from "../list-page.ts";
import { href, type LinkQuery } from "../routes.ts";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import { Pager } from "../views/pills-notices-pager.tsx";
import { describeActor } from "./describe-change.ts";
import { RequestLink } from "./membership-reasons.tsx";
import { type Step, type TimelineEvent, toEvents } from "./timeline-events.ts";
import { LineWords, type TimelineFacts } from "./timeline-line.tsx";

interface TimelineProps extends TimelineFacts {
  page: ListPage<Change>;
  isFirst: boolean;
  /** Where the page is, with something else in its query. */
  link: (more: LinkQuery) => string;
}

const STEP_WORDS: Record<Step, string> = {
  import: "Import",
  edit: "Edit",
  match: "Match",
  group: "Group",
  enrol: "Enrol",
};

/** What happened to a person, newest first: each request with what it imported, matched, grouped and enrolled. */
export function Timeline({ page, isFirst, link, ...facts }: TimelineProps) {
  const events = toEvents(page.rows);
  const isOnly = isFirst && page.next === null;
  return (
    <section class="card flush" aria-labelledby="timeline">
      <div class="row between">
        <h2 id="timeline">Timeline</h2>
        <span class="soft small">Newest first</span>
      </div>
      {events.length === 0 ? (
        <p class="pager">Nothing is kept: the changes of this person are older than what the change feed keeps.</p>
      ) : (
        <ol class="timeline">
          {events.map((event) => (
            <Event event={event} facts={facts} />
          ))}
        </ol>
      )}
      {!isOnly && (
        <Pager
          shown={countOf(page.rows.length, "change")}
          first={isFirst ? null : `${link({})}#timeline`}
          previous={page.previous ? `${link({ before: page.previous })}#timeline` : null}
          next={page.next === null ? null : `${link({ after: page.next })}#timeline`}
        />
      )}
    </section>
  );
}

function Event({ event: { time, cause, lines }, facts }: { event: TimelineEvent; facts: TimelineFacts }) {
  const { companyId, logged } = facts;
  return (
    <li>
      <p class="small soft">
        <Moment time={time} exact /> · <Actor cause={cause} facts={facts} />
        <RequestLink companyId={companyId} requestId={cause.requestId} logged={logged} before=" · " />
      </p>
      <ul>
        {lines.map((line) => (
          <li>
            <span class="tag">{STEP_WORDS[line.step]}</span>
            <span>
              <LineWords line={line} facts={facts} />
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}

function Actor({ cause, facts: { companyId, setting } }: { cause: Change["cause"]; facts: TimelineFacts }) {
  const actor = describeActor(cause);
  if (cause.actor !== "scim" || cause.settingId !== setting.id) return <>{actor}</>;
  return (
    <>
      {`${actor}, through `}
      {setting.isDeleted ? (
        setting.name
      ) : (
        <a href={href("setting", { companyId, settingId: setting.id })}>{setting.name}</a>
      )}
    </>
  );
}
