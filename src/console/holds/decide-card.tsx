import type { AppliedCounts } from "../../holds/applied-before-hold-store.ts";
import type { HoldRecord } from "../../holds/hold-store.ts";
import { href } from "../routes.ts";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import { describeWaiting } from "./hold-words.tsx";

interface Props {
  at: { companyId: string; holdId: string };
  hold: HoldRecord;
  /** What was carried out before the hold opened; null where nobody could count it for now. */
  applied: AppliedCounts | null;
}

/** What can be decided about a hold, and what has happened already. */
export function DecideCard({ at, hold, applied }: Props) {
  if (hold.status === "closed")
    return (
      <section class="card" aria-labelledby="decide-title">
        <h2 id="decide-title">Closed</h2>
        <p>
          Nothing waits here any more. It closed <Moment time={hold.closedAt} />.
        </p>
        <p>
          <a href={href("undoHold", at)}>What happened before it tripped</a> says what can still be undone.
        </p>
      </section>
    );
  const version = { version: hold.version };
  return (
    <section class="card stack tight" aria-labelledby="decide-title">
      <h2 id="decide-title">Decide</h2>
      <p>
        {`${describeWaiting(hold.people)}: in the SCIM directory it has happened, here it has not. `}
        If it was meant, release it. If it was a mistake, put it right at the identity provider: what comes back leaves
        this hold by itself. What you keep stays as it is here, whatever the identity provider repeats.
      </p>
      <Happened at={at} hold={hold} applied={applied} />
      <div class="row">
        <a class="button danger" href={href("releaseHold", at, version)}>
          Release all…
        </a>
        <a class="button" href={href("keepHold", at, version)}>
          Keep all…
        </a>
        <a class="button" href={href("undoHold", at)}>
          What happened before it tripped…
        </a>
      </div>
    </section>
  );
}

/** For how many it has been carried out: before the hold opened, and by a release. */
function Happened({ at, hold: { released }, applied }: Props) {
  const before = applied?.people ?? 0;
  if (before + released === 0) return null;
  return (
    <p>
      {before > 0 && (
        <>
          {`Before the brake tripped it had been carried out for ${countOf(before, "person", "people")}. `}
          <a href={href("undoHold", at)}>See who</a>
          {", and undo it there. "}
        </>
      )}
      {released > 0 && `${countOf(released, "person was", "people were")} released: of them it is carried out.`}
    </p>
  );
}
