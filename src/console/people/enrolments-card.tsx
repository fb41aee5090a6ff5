import type { Enrolment } from "../../enrolment/enrolment-store.ts";
import type { GroupOfUser } from "../../grouping/membership-store.ts";
import { href } from "../routes.ts";
import { trainingUrl } from "../trainings/training-words.ts";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";
import { RequestLink } from "./membership-reasons.tsx";
import { ProgressFacts, ProgressPills } from "./progress-words.tsx";

/** What all parts of a person's page need. */
export interface Shared {
  companyId: string;
  /** The request ids that the provisioning log can show. */
  logged: ReadonlySet<string>;
}

interface EnrolmentProps extends Shared {
  enrolments: readonly Enrolment[];
  groups: readonly GroupOfUser[];
}

/** Enrolments that the page shows: the newest. All of them are in the export. */
const MOST_SHOWN = 50;

/** What a person is and was enrolled in, and through which groups. */
export function Enrolments({ enrolments, groups, ...shared }: EnrolmentProps) {
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  const older = enrolments.length - MOST_SHOWN;
  return (
    <section class="card" aria-labelledby="enrolments-title">
      <h2 id="enrolments-title">Enrolments</h2>
      {enrolments.length === 0 && <p class="soft">None: no target group of this person enrols anybody.</p>}
      {enrolments
        .slice(-MOST_SHOWN)
        .map((enrolment) => <EnrolmentEntry enrolment={enrolment} names={names} {...shared} />)
        .reverse()}
      {older > 0 && <p class="soft small">{`${countOf(older, "older one is", "older ones are")} in the export.`}</p>}
    </section>
  );
}

interface EntryProps extends Shared {
  enrolment: Enrolment;
  names: ReadonlyMap<string, string>;
}

function EnrolmentEntry({ enrolment, names, companyId, logged }: EntryProps) {
  const { kind, itemId, name, status, groupIds, startedAt, withdrawnAt, requestId } = enrolment;
  return (
    <div class="failure stack tight">
      <div class="row between">
        <h3>
          <a href={trainingUrl(companyId, { kind, id: itemId })}>{name}</a>
        </h3>
        <span class="row">
          <span class="tag">{kind === "phishing" ? "phishing simulation" : "training"}</span>
          <ProgressPills enrolment={enrolment} />
          {status === "active" ? <Pill tone="good">Enrolled</Pill> : <Pill>Withdrawn</Pill>}
        </span>
      </div>
      <p class="small">
        {groupIds.length > 0 ? (
          <By companyId={companyId} groupIds={groupIds} names={names} />
        ) : (
          "No group of this person enrols in it any more. "
        )}
        <span class="soft">
          Since <Moment time={startedAt} />
          {withdrawnAt !== null && (
            <>
              , withdrawn <Moment time={withdrawnAt} />
            </>
          )}
          .<ProgressFacts enrolment={enrolment} />
        </span>{" "}
        <RequestLink companyId={companyId} requestId={requestId} logged={logged} />
      </p>
    </div>
  );
}

interface ByProps {
  companyId: string;
  groupIds: readonly string[];
  names: ReadonlyMap<string, string>;
}

/** Which target groups give an enrolment; those that another user of the person is in are not named here. */
function By({ companyId, groupIds, names }: ByProps) {
  return (
    <>
      {"Because of "}
      {groupIds.map((groupId, index) => (
        <>
          {index > 0 && ", "}
          {names.has(groupId) ? (
            <a href={href("group", { companyId, groupId })}>{names.get(groupId)}</a>
          ) : (
            "another group of the same person"
          )}
        </>
      ))}
      {". "}
    </>
  );
}
