import type { Change } from "../../changes/change-store.ts";
import type { Enrolment } from "../../enrolment/enrolment-store.ts";
import type { GroupOfUser } from "../../grouping/membership-store.ts";
import { Moment } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";
import { describeCause, describeChange } from "./describe-change.ts";
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

/** What a person is and was enrolled in, and through which groups. */
export function Enrolments({ companyId, enrolments, groups, logged }: EnrolmentProps) {
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  return (
    <section class="card" aria-labelledby="enrolments-title">
      <h2 id="enrolments-title">Enrolments</h2>
      {enrolments.length === 0 && <p class="soft">None: no target group of this person enrols anybody.</p>}
      {[...enrolments].reverse().map((enrolment) => (
        <div class="failure stack tight">
          <div class="row between">
            <h3>{enrolment.name}</h3>
            <span class="row">
              <span class="tag">{enrolment.kind === "phishing" ? "phishing simulation" : "training"}</span>
              <ProgressPills enrolment={enrolment} />
              {enrolment.status === "active" ? <Pill tone="good">Enrolled</Pill> : <Pill>Withdrawn</Pill>}
            </span>
          </div>
          <p class="small">
            {enrolment.groupIds.length > 0
              ? `Because of ${enrolment.groupIds.map((id) => names.get(id) ?? "another group of the same person").join(", ")}. `
              : "No group of this person enrols in it any more. "}
            <span class="soft">
              Since <Moment time={enrolment.startedAt} />
              {enrolment.withdrawnAt !== null && (
                <>
                  , withdrawn <Moment time={enrolment.withdrawnAt} />
                </>
              )}
              .<ProgressFacts enrolment={enrolment} />
            </span>{" "}
            <RequestLink companyId={companyId} requestId={enrolment.requestId} logged={logged} />
          </p>
        </div>
      ))}
    </section>
  );
}

/** What happened to a person, newest first. */
export function History({
  companyId,
  changes,
  logged,
  older,
}: Shared & { changes: readonly Change[]; older: string | null }) {
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">History</h2>
      {changes.map((change) => (
        <div class="failure">
          <p>{describeChange(change)}</p>
          <p class="hint">
            <Moment time={change.time} exact /> · {describeCause(change.cause)}{" "}
            <RequestLink companyId={companyId} requestId={change.cause.requestId} logged={logged} />
          </p>
        </div>
      ))}
      {changes.length === 0 && <p class="soft">Nothing is kept.</p>}
      {older !== null && (
        <p>
          <a class="button" href={older}>
            Older
          </a>
        </p>
      )}
    </section>
  );
}
