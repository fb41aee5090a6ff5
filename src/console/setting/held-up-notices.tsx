import type { HeldUpWork } from "../../writer/retry-refused-follow-ups.ts";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import { Notice } from "../views/pills-notices-pager.tsx";

const WHY: Record<string, string> = {
  keys_used_up: "this company has used up its row keys, and your operator has to be told",
  resource_too_large: "what they would hold is larger than can be kept",
};

/** Says on a company's first page which changes have not come to everybody, and why. */
export function HeldUpNotices({ work }: { work: readonly HeldUpWork[] }) {
  return (
    <>
      {work.map(({ refusal, leftOut, decidedAt }) => (
        <Notice tone="warn">
          <p>
            <strong>A change has not come to everybody</strong>
            {`: ${leftOut === null ? "it could not go on" : `${countOf(leftOut, "person or group was", "people or groups were")} left out`}, `}
            {`because ${WHY[refusal] ?? `it was refused (${refusal})`}. Decided `}
            <Moment time={decidedAt} />
            {". It is tried again every ten minutes."}
          </p>
        </Notice>
      ))}
    </>
  );
}
