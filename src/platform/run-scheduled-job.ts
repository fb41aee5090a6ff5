import { retry } from "./retry.ts";
import { describeError } from "./transient-fault.ts";

/** Does a job of the schedule, again after a passing fault; a failure is told to the Worker's log and stops no other job. */
export async function runJob(name: string, job: () => Promise<unknown>): Promise<void> {
  try {
    await retry(job);
  } catch (error) {
    const message = `the job "${name}" failed`;
    console.error(JSON.stringify({ level: "error", room: "schedule", message, error: describeError(error) }));
  }
}
