import type { AlertRecord } from "../../alerts/alert-store.ts";
import type { FailingWrite } from "../../alerts/failing-write.ts";
import { type Explanation, explainCode, explainFailure } from "../../log/explain-request.ts";
import type { RefusedRequest } from "../../unit/read-requests-behind-alerts.ts";

/** Writes of one code that were refused and not made good: how often, and exactly which requests. */
export interface FailingCode extends Explanation {
  code: string;
  count: number;
  requests: RefusedRequest[];
}

/** What is not made good of a setting by the code of its refusal, without what an alert tells of; the most frequent first. */
export function gatherFailing(
  rows: readonly FailingWrite[],
  requests: readonly RefusedRequest[],
  alerts: readonly AlertRecord[],
): FailingCode[] {
  const told = new Set(alerts.filter(({ kind }) => kind === "failing").map(({ subject }) => subject));
  return [...Map.groupBy(rows, ({ code }) => code)]
    .filter(([code]) => !told.has(code))
    .map(([code, ofCode]) => {
      const ids = new Set(ofCode.flatMap(({ requestIds }) => requestIds));
      const behind = requests.filter(({ id }) => ids.has(id));
      const [latest] = behind;
      const words = { ...explainCode(code), ...(latest !== undefined && { advice: explainFailure(latest).advice }) };
      return { ...words, code, count: ofCode.reduce((sum, { count }) => sum + count, 0), requests: behind };
    })
    .sort((a, b) => b.count - a.count);
}
