import type { FailedRequest } from "../../log/activity-store.ts";
import { type Explanation, explainFailure } from "../../log/explain-request.ts";

/** Failures of one kind: how often, since when, about whom, and what to do. */
export interface FailureGroup extends Explanation {
  count: number;
  lastTime: number;
  lastId: string;
  labels: string[];
}

/** Failed requests (newest first) gathered by what an admin would do about them; the most frequent first. */
export function groupFailures(failures: readonly FailedRequest[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const failure of failures) {
    const explanation = explainFailure(failure);
    const group = groups.get(explanation.kind) ?? {
      ...explanation,
      count: 0,
      lastTime: failure.time,
      lastId: failure.id,
      labels: [],
    };
    group.count += 1;
    const { label } = failure;
    if (label !== null && group.labels.length < 3 && !group.labels.includes(label)) group.labels.push(label);
    groups.set(explanation.kind, group);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
