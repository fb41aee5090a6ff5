import { areBearersKnown } from "../unit/bearers-of-logged-names.ts";
import { presumeNamesAreFree } from "../unit/presume-names-are-free.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { foresee, recordOf } from "./operation-table.ts";
import type { QueuedRequest } from "./run-requests.ts";
import { foreseeAlerts } from "./update-alerts.ts";

/** By what a commit may spare a load, where it is all that one would be for. */
export interface Hopes {
  /** It may take it that whoever is to be created is new. */
  presumes: boolean;
  /** It may put rows of the log off to another commit. */
  defersLogs: boolean;
}

/** Wants what requests will read, as far as it is not cached; gives the rows of the log that are put off to another commit. */
export function foreseeAll(
  unit: UnitOfWork,
  requests: readonly QueuedRequest[],
  { presumes, defersLogs }: Hopes,
): ReadonlySet<QueuedRequest> {
  for (const { operation, once } of requests) {
    if (operation.kind !== "log") foresee(unit, operation);
    if (once !== undefined) unit.idempotencyKeys.want(once.key);
  }
  foreseeAlerts(unit);
  // They stay in order: where one has to wait, all do.
  const logs = requests.filter(({ operation }) => operation.kind === "log");
  const unknown = logs.filter(({ operation }) => operation.kind === "log" && !areBearersKnown(unit, operation.entries));
  const mayWait = unknown.length === 0 || (defersLogs && logs.length < requests.length);
  const mayGoOn = unit.config.cache.counters !== null && !requests.some(isOfConfiguration);
  if (mayGoOn && mayWait && (!unit.journal.isWanting || (presumes && presumeNamesAreFree(unit))))
    return new Set(unknown.length > 0 ? logs : []);
  for (const { operation } of logs) foresee(unit, operation);
  return new Set();
}

/** What the configuration's operations, and the steps that follow them, go by is read each time: they are few. */
function isOfConfiguration({ operation }: QueuedRequest): boolean {
  return recordOf(operation).changesConfiguration;
}

/** Whether something has to be read before the requests can run. */
export function mustLoad({ journal, isProven, config }: UnitOfWork, requests: readonly QueuedRequest[]): boolean {
  return journal.isWanting || (!isProven && (config.cache.counters === null || requests.some(isOfConfiguration)));
}
