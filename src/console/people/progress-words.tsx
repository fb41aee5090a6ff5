import type { ProgressStatus, Reenrol } from "../../directory/enrolment-column-values.ts";
import type { StoredProgress } from "../../enrolment/present-progress.ts";
import { isoTime } from "../../platform/clock.ts";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";

/** How far somebody is, in a word. */
const WORDS: Record<ProgressStatus, string> = {
  assigned: "Assigned",
  inProgress: "In progress",
  completed: "Completed",
  failed: "Failed",
};

type Shown = StoredProgress & { status: "active" | "withdrawn"; isOverdue: boolean };

/** What the training platform reported of an enrolment, and whether its time is over; `none`, or nothing, where nothing was. */
export function ProgressPills({ enrolment, none }: { enrolment: Shown; none?: string }) {
  const { progressStatus, status, isOverdue } = enrolment;
  const tones = { completed: "good", failed: "bad" } as const;
  const isReported = progressStatus !== null && progressStatus !== "assigned";
  const isLate = isOverdue && status === "active";
  if (!isReported && !isLate) return none === undefined ? null : <span class="soft">{none}</span>;
  return (
    <>
      {isReported && (
        <Pill tone={progressStatus === "inProgress" ? undefined : tones[progressStatus]}>{WORDS[progressStatus]}</Pill>
      )}
      {isLate && <Pill tone="warn">Overdue</Pill>}
    </>
  );
}

/** The numbers and times of it, as a sentence; nothing where there are none. */
export function ProgressFacts({ enrolment }: { enrolment: Shown }) {
  const { progressStatus, score, completedAt, status } = enrolment;
  const dueAt = status === "active" ? enrolment.dueAt : null;
  if (score === null && completedAt === null && dueAt === null) return null;
  return (
    <>
      {completedAt !== null && (
        <>
          {" Completed "}
          <Moment time={completedAt} />.
        </>
      )}
      {dueAt !== null && progressStatus !== "completed" && (
        <>
          {" Due "}
          <Moment time={dueAt} />.
        </>
      )}
      {score !== null && ` Score ${score}.`}
    </>
  );
}

/** The same in a cell of a download: empty where nothing was reported. */
export function describeProgress({ progressStatus, score, completedAt }: Omit<StoredProgress, "dueAt">): string {
  if (progressStatus === null) return "";
  const day = completedAt === null ? "" : ` ${isoTime(completedAt).slice(0, 10)}`;
  return `${WORDS[progressStatus].toLowerCase()}${day}${score === null ? "" : `, score ${score}`}`;
}

/** What happened to an enrolment by an entry of the feed, in words. */
export function describeProgressed(progress: unknown, isOverdue: boolean): string {
  const status = typeof progress === "object" && progress !== null && "status" in progress ? progress.status : null;
  const known = Object.entries(WORDS).find(([word]) => word === status)?.[1] ?? "Assigned";
  return isOverdue ? `${known}, overdue` : known;
}

/** On which terms members are enrolled, as a sentence; empty where none is set. */
export function describeTerms({ dueInDays, reenrol }: { dueInDays?: number; reenrol?: Reenrol }): string {
  const due = dueInDays === undefined ? [] : [`due in ${countOf(dueInDays, "day")}`];
  const again = reenrol === undefined || reenrol === "never" ? [] : [describeReenrol(reenrol)];
  return [...due, ...again].join(", ");
}

function describeReenrol(reenrol: Exclude<Reenrol, "never">): string {
  const who = "again for whoever completed it and comes back";
  return reenrol === "always" ? who : `${who} after ${countOf(reenrol.afterDays, "day")}`;
}
