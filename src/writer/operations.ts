import type { Refusal } from "../scim/scim-error.ts";
import { SAFEGUARD_KINDS } from "../settings/safeguards.ts";
import { foreseeBearers } from "../unit/bearers-of-logged-names.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { foreseeOverdue, foreseeReports, reportProgress, tellOverdue } from "./apply-progress-reports.ts";
import type { BulkItemOperation } from "./bulk.ts";
import {
  foreseeBulkItem,
  refusedTimeOf,
  runBulkItem,
  shareUsedUp,
  triedByBulkItem,
  weighBulkItem,
} from "./bulk-item.ts";
import { deleteTargetGroup, foreseeRename, renameTargetGroup } from "./change-target-groups.ts";
import { dismissAlert, dismissFailing, foreseeReview, planWork, reviewAlerts } from "./configure-alerts.ts";
import { setCatalogue } from "./configure-catalogue.ts";
import { addChannel, askAgain, confirmChannel, removeChannel, setChannels } from "./configure-channels.ts";
import { changeCompany, deleteCompany, setQuotas } from "./configure-company.ts";
import { createField, deleteField, foreseeFieldDeletion } from "./configure-fields.ts";
import { decideHold, eraseHeld, expireHeld, foreseeErasure, undoHold } from "./configure-holds.ts";
import {
  createClient,
  createClientSecret,
  createTrust,
  revokeClient,
  revokeClientSecret,
  revokeTrust,
} from "./configure-oauth-clients.ts";
import { createSetting, deleteSetting, setStatus, updateSetting } from "./configure-settings.ts";
import {
  createManualGroup,
  foreseeManualGroup,
  foreseeManualMember,
  foreseeTargetGroup,
  setAutoEnrolments,
  setManualMember,
} from "./configure-target-groups.ts";
import { createToken, revokeToken } from "./configure-tokens.ts";
import { createWebhook, deleteWebhook, updateWebhook } from "./configure-webhooks.ts";
import { editTargetUser, foreseeTargetUser, removeTargetUser } from "./edit-unmanaged-users.ts";
import { enrolPersons } from "./enrol-persons.ts";
import { foreseeFollowUp, runFollowUp } from "./follow-ups.ts";
import { giveBackLostNames } from "./give-back-lost-names.ts";
import { goLive } from "./go-live.ts";
import { createGroup, deleteGroup, foreseeGroup, patchGroup, replaceGroup } from "./group-operations.ts";
import { noteLookups } from "./manage-attribute-indexes.ts";
import { noteLosses } from "./note-enrolments-lost-by-rename.ts";
import { updateHolds } from "./open-and-close-holds.ts";
import type { BulkRequestOperation, Operation, Outcome, TriedPart, Weight } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { foreseeRenewal, renewRows } from "./renewals.ts";
import { weighGroup } from "./requested-member-change.ts";
import { restoreItem } from "./restore-stopped-item.ts";
import { reviewTargetGroups } from "./review-unfed-target-groups.ts";
import { openTripped, Tripped } from "./trip-brake.ts";
import { createUser, deleteUser, foreseeUser, patchUser, replaceUser } from "./user-operations.ts";

/** What can stand in the queue: a Bulk request stands there as its items. */
export type QueuedOperation = Exclude<Operation, BulkRequestOperation> | BulkItemOperation;

/** All there is to know of one kind of operation. */
interface OperationRecord<O> {
  /** Wants what it will read, so that one D1 trip loads it; too little costs a second trip, and nothing has to be exact. */
  foresee(unit: UnitOfWork, operation: O): void;
  /** Applies it; throws ScimError to refuse it, NotLoaded to have more read first. */
  run(context: OperationContext, operation: O): Outcome;
  /** What it takes of a commit that it shares with others. */
  weigh(operation: O): Weight;
  /** Whether it changes what the writer keeps between commits. */
  changesConfiguration: boolean;
  /** Whether its answer waits for its follow-ups, as far as they are done in time. */
  waitsForFollowUps: boolean;
  /** What it is called in the Worker's log. */
  describe(operation: O): string;
  /** How it is charged for what it costs though it is refused; null where it is not. */
  refusalCharge: RefusalCharge | null;
  /** What it tried, where it is one of the many of a request; null where that request's own row of the log says it. */
  tried(operation: O, outcome: Outcome): TriedPart | null;
}

/** The charge for what is refused, to a share of the database's time that a company's operations of such kinds have together. */
interface RefusalCharge {
  /** How much of the share it took (ms), by its outcome: 0 where it was not refused. */
  timeOf(outcome: Outcome): number;
  /** The answer to one that is not tried, since the share is used up for so long (s). */
  usedUp(seconds: number): Refusal;
}

const LIGHT: Weight = { members: 0, lists: 0, documents: 0 };
const nothing = () => {};
const byKind = ({ kind }: { kind: string }) => kind;

/** What is not one of the many of a request: no refusal is charged, and what it tried stands in its own row of the log, if any. */
const single = { refusalCharge: null, tried: () => null };
/** What SCIM asks of users and groups, and what rides along: data that leaves the configuration as it is. */
const data = {
  ...single,
  changesConfiguration: false,
  waitsForFollowUps: false,
  describe: byKind,
};
/** What changes a user reads its document, which may be as large as the company's quota lets it be. */
const weighUser = ({ kind }: { kind: string }): Weight => (kind === "createUser" ? LIGHT : { ...LIGHT, documents: 1 });
const onUser = { ...data, foresee: foreseeUser, weigh: weighUser };
const onGroup = { ...data, foresee: foreseeGroup, weigh: weighGroup };
/** What the management API and the console ask for: each in a commit of its own. */
const configuration = {
  ...single,
  foresee: nothing,
  weigh: (): Weight => "alone",
  changesConfiguration: true,
  waitsForFollowUps: false,
  describe: byKind,
};
const followed = { ...configuration, waitsForFollowUps: true };

const OPERATIONS = {
  createUser: { ...onUser, run: createUser },
  replaceUser: { ...onUser, run: replaceUser },
  patchUser: { ...onUser, run: patchUser },
  deleteUser: { ...onUser, run: deleteUser },
  createGroup: { ...onGroup, run: createGroup },
  replaceGroup: { ...onGroup, run: replaceGroup },
  patchGroup: { ...onGroup, run: patchGroup },
  deleteGroup: { ...onGroup, run: deleteGroup },
  bulkItem: {
    ...data,
    foresee: (unit, item) => foreseeBulkItem(item, (inner) => foresee(unit, inner)),
    run: (context, item) => runBulkItem(context, item, runOperation),
    weigh: (item) => weighBulkItem(item, weigh) ?? LIGHT,
    describe: ({ place }) => `Operations[${place}] of a Bulk request`,
    refusalCharge: { timeOf: refusedTimeOf, usedUp: shareUsedUp },
    tried: triedByBulkItem,
  },
  createSetting: { ...configuration, run: createSetting },
  updateSetting: { ...followed, run: updateSetting },
  pauseSetting: { ...configuration, run: setStatus },
  resumeSetting: { ...configuration, run: setStatus },
  goLive: { ...followed, run: goLive },
  deleteSetting: { ...followed, run: deleteSetting },
  decideHold: { ...followed, run: decideHold },
  undoHold: { ...followed, run: undoHold },
  eraseHeld: { ...configuration, foresee: foreseeErasure, run: eraseHeld },
  expireHeld: { ...configuration, run: expireHeld },
  reviewAlerts: { ...configuration, foresee: foreseeReview, run: reviewAlerts },
  dismissAlert: { ...configuration, run: dismissAlert },
  dismissFailing: { ...configuration, run: dismissFailing },
  planWork: { ...configuration, run: planWork },
  setChannels: { ...configuration, run: setChannels },
  addChannel: { ...configuration, run: addChannel },
  removeChannel: { ...configuration, run: removeChannel },
  askAgain: { ...configuration, run: askAgain },
  confirmChannel: { ...configuration, run: confirmChannel },
  createToken: { ...configuration, run: createToken },
  revokeToken: { ...configuration, run: revokeToken },
  createClient: { ...configuration, run: createClient },
  createClientSecret: { ...configuration, run: createClientSecret },
  revokeClient: { ...configuration, run: revokeClient },
  revokeClientSecret: { ...configuration, run: revokeClientSecret },
  createTrust: { ...configuration, run: createTrust },
  revokeTrust: { ...configuration, run: revokeTrust },
  createField: { ...configuration, run: createField },
  deleteField: { ...followed, foresee: foreseeFieldDeletion, run: deleteField },
  createTargetGroup: { ...configuration, foresee: foreseeManualGroup, run: createManualGroup },
  renameTargetGroup: { ...configuration, foresee: foreseeRename, run: renameTargetGroup },
  deleteTargetGroup: { ...followed, foresee: foreseeTargetGroup, run: deleteTargetGroup },
  editTargetUser: { ...configuration, foresee: foreseeTargetUser, run: editTargetUser },
  removeTargetUser: { ...configuration, foresee: foreseeTargetUser, run: removeTargetUser },
  addManualMember: { ...configuration, foresee: foreseeManualMember, run: setManualMember },
  removeManualMember: { ...configuration, foresee: foreseeManualMember, run: setManualMember },
  setCatalogue: { ...followed, run: setCatalogue },
  setAutoEnrolments: { ...followed, foresee: foreseeTargetGroup, run: setAutoEnrolments },
  restoreItem: { ...followed, foresee: foreseeTargetGroup, run: restoreItem },
  reportProgress: { ...configuration, changesConfiguration: false, foresee: foreseeReports, run: reportProgress },
  tellOverdue: { ...configuration, foresee: foreseeOverdue, run: tellOverdue },
  createWebhook: { ...configuration, run: createWebhook },
  updateWebhook: { ...configuration, run: updateWebhook },
  deleteWebhook: { ...configuration, run: deleteWebhook },
  changeCompany: { ...configuration, run: changeCompany },
  setQuotas: { ...configuration, run: setQuotas },
  deleteCompany: { ...followed, run: deleteCompany },
  followUp: {
    ...configuration,
    foresee: foreseeFollowUp,
    run: runFollowUp,
    describe: ({ followUp }) => `follow-up ${followUp.kind}`,
  },
  renewRows: {
    ...configuration,
    foresee: foreseeRenewal,
    run: renewRows,
    describe: ({ step }) => `renewal of ${step.form}`,
  },
  log: {
    ...data,
    foresee: (unit, { entries }) => foreseeBearers(unit, entries),
    run: (context, { entries }) => {
      for (const entry of entries) context.unit.log(entry);
      noteLookups(context);
      return { kind: "done" };
    },
    weigh: () => LIGHT,
  },
} satisfies { [K in QueuedOperation["kind"]]: OperationRecord<Extract<QueuedOperation, { kind: K }>> };

/** All there is to know of an operation's kind. */
export function recordOf<O extends QueuedOperation>({ kind }: O): OperationRecord<O> {
  // The table's own type says that each kind stands there with the record of its operations.
  return OPERATIONS[kind] as unknown as OperationRecord<O>;
}

/** Wants what an operation will read. */
export function foresee(unit: UnitOfWork, operation: QueuedOperation): void {
  recordOf(operation).foresee(unit, operation);
}

/** What an operation takes of a commit that it shares with others. */
export function weigh(operation: QueuedOperation): Weight {
  return recordOf(operation).weigh(operation);
}

/**
 * Applies one operation to the unit of work, enrolments included; where it trips the brake it runs again with the hold open.
 * It throws ScimError to refuse it, NotLoaded to read more.
 */
export function runOperation(context: OperationContext, operation: QueuedOperation): Outcome {
  for (const trips: Tripped[] = []; ; )
    try {
      return runOnce(context, operation);
    } catch (error) {
      if (!(error instanceof Tripped) || trips.length === SAFEGUARD_KINDS.length) throw error;
      trips.push(error);
      context.restart();
      for (const trip of trips) openTripped(context, trip);
    }
}

function runOnce(context: OperationContext, operation: QueuedOperation): Outcome {
  const outcome = recordOf(operation).run(context, operation);
  reviewTargetGroups(context);
  noteLosses(context, enrolPersons(context));
  giveBackLostNames(context);
  updateHolds(context);
  context.conclude();
  return outcome;
}
