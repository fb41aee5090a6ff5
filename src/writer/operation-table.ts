import type { Refusal } from "../scim/scim-error.ts";
import { SAFEGUARD_KINDS } from "../settings/safeguards.ts";
import { foreseeBearers } from "../unit/bearers-of-logged-names.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { foreseeOverdue, foreseeReports, reportProgress, setOverdue } from "./apply-progress-reports.ts";
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
import { foreseeFollowUp, rulesOf, runFollowUp } from "./follow-up-table.ts";
import { giveBackLostNames } from "./give-back-lost-names.ts";
import { goLive } from "./go-live.ts";
import { createGroup, deleteGroup, foreseeGroup, patchGroup, replaceGroup } from "./group-operations.ts";
import { countLookups } from "./manage-attribute-indexes.ts";
import { noteWithdrawnByRename } from "./note-enrolments-withdrawn-by-rename.ts";
import { updateHolds } from "./open-and-close-holds.ts";
import type { BulkRequestOperation, Operation, Outcome, TriedPart, Weight } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { foreseeRenewal, renewRows } from "./renewal-table.ts";
import { weighGroup } from "./requested-member-change.ts";
import { restoreItem } from "./restore-stopped-item.ts";
import { reviewTargetGroups } from "./review-unfed-target-groups.ts";
import { openTripped, Tripped } from "./trip-brake.ts";
import { createUser, deleteUser, foreseeUser, patchUser, replaceUser } from "./user-operations.ts";

/** What can stand in the queue: a Bulk request stands there as its items. */
export type QueuedOperation = Exclude<Operation, BulkRequestOperation> | BulkItemOperation;

type QueuedKind = QueuedOperation["kind"];
type OfKind<K extends QueuedKind> = Extract<QueuedOperation, { kind: K }>;

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
const data = { ...single, changesConfiguration: false, describe: byKind };
/** What changes a user reads its document, which may be as large as the company's quota lets it be. */
const weighUser = ({ kind }: { kind: string }): Weight => (kind === "createUser" ? LIGHT : { ...LIGHT, documents: 1 });
const onUser = { ...data, weigh: weighUser };
const onGroup = { ...data, weigh: weighGroup };
/** What the management API and the console ask for: each in a commit of its own. */
const configuration = {
  ...single,
  weigh: (): Weight => "alone",
  changesConfiguration: true,
  describe: byKind,
};

/** Each says itself what it foresees, how it runs, and whether its answer waits for its follow-ups. */
const OPERATIONS: { [K in QueuedKind]: OperationRecord<OfKind<K>> } = {
  createUser: { ...onUser, foresee: foreseeUser, run: createUser, waitsForFollowUps: false },
  replaceUser: { ...onUser, foresee: foreseeUser, run: replaceUser, waitsForFollowUps: false },
  patchUser: { ...onUser, foresee: foreseeUser, run: patchUser, waitsForFollowUps: false },
  deleteUser: { ...onUser, foresee: foreseeUser, run: deleteUser, waitsForFollowUps: false },
  createGroup: { ...onGroup, foresee: foreseeGroup, run: createGroup, waitsForFollowUps: false },
  replaceGroup: { ...onGroup, foresee: foreseeGroup, run: replaceGroup, waitsForFollowUps: false },
  patchGroup: { ...onGroup, foresee: foreseeGroup, run: patchGroup, waitsForFollowUps: false },
  deleteGroup: { ...onGroup, foresee: foreseeGroup, run: deleteGroup, waitsForFollowUps: false },
  bulkItem: {
    ...data,
    foresee: (unit, item) => foreseeBulkItem(item, (inner) => foresee(unit, inner)),
    run: (context, item) => runBulkItem(context, item, runOperation),
    weigh: (item) => weighBulkItem(item, weigh) ?? LIGHT,
    waitsForFollowUps: false,
    describe: ({ place }) => `Operations[${place}] of a Bulk request`,
    refusalCharge: { timeOf: refusedTimeOf, usedUp: shareUsedUp },
    tried: triedByBulkItem,
  },
  createSetting: { ...configuration, foresee: nothing, run: createSetting, waitsForFollowUps: false },
  updateSetting: { ...configuration, foresee: nothing, run: updateSetting, waitsForFollowUps: true },
  pauseSetting: { ...configuration, foresee: nothing, run: setStatus, waitsForFollowUps: false },
  resumeSetting: { ...configuration, foresee: nothing, run: setStatus, waitsForFollowUps: false },
  goLive: { ...configuration, foresee: nothing, run: goLive, waitsForFollowUps: true },
  deleteSetting: { ...configuration, foresee: nothing, run: deleteSetting, waitsForFollowUps: true },
  decideHold: { ...configuration, foresee: nothing, run: decideHold, waitsForFollowUps: true },
  undoHold: { ...configuration, foresee: nothing, run: undoHold, waitsForFollowUps: true },
  eraseHeld: { ...configuration, foresee: foreseeErasure, run: eraseHeld, waitsForFollowUps: false },
  expireHeld: { ...configuration, foresee: nothing, run: expireHeld, waitsForFollowUps: false },
  reviewAlerts: { ...configuration, foresee: foreseeReview, run: reviewAlerts, waitsForFollowUps: false },
  dismissAlert: { ...configuration, foresee: nothing, run: dismissAlert, waitsForFollowUps: false },
  dismissFailing: { ...configuration, foresee: nothing, run: dismissFailing, waitsForFollowUps: false },
  planWork: { ...configuration, foresee: nothing, run: planWork, waitsForFollowUps: false },
  setChannels: { ...configuration, foresee: nothing, run: setChannels, waitsForFollowUps: false },
  addChannel: { ...configuration, foresee: nothing, run: addChannel, waitsForFollowUps: false },
  removeChannel: { ...configuration, foresee: nothing, run: removeChannel, waitsForFollowUps: false },
  askAgain: { ...configuration, foresee: nothing, run: askAgain, waitsForFollowUps: false },
  confirmChannel: { ...configuration, foresee: nothing, run: confirmChannel, waitsForFollowUps: false },
  createToken: { ...configuration, foresee: nothing, run: createToken, waitsForFollowUps: false },
  revokeToken: { ...configuration, foresee: nothing, run: revokeToken, waitsForFollowUps: false },
  createClient: { ...configuration, foresee: nothing, run: createClient, waitsForFollowUps: false },
  createClientSecret: { ...configuration, foresee: nothing, run: createClientSecret, waitsForFollowUps: false },
  revokeClient: { ...configuration, foresee: nothing, run: revokeClient, waitsForFollowUps: false },
  revokeClientSecret: { ...configuration, foresee: nothing, run: revokeClientSecret, waitsForFollowUps: false },
  createTrust: { ...configuration, foresee: nothing, run: createTrust, waitsForFollowUps: false },
  revokeTrust: { ...configuration, foresee: nothing, run: revokeTrust, waitsForFollowUps: false },
  createField: { ...configuration, foresee: nothing, run: createField, waitsForFollowUps: false },
  deleteField: { ...configuration, foresee: foreseeFieldDeletion, run: deleteField, waitsForFollowUps: true },
  createTargetGroup: {
    ...configuration,
    foresee: foreseeManualGroup,
    run: createManualGroup,
    waitsForFollowUps: false,
  },
  renameTargetGroup: { ...configuration, foresee: foreseeRename, run: renameTargetGroup, waitsForFollowUps: false },
  deleteTargetGroup: { ...configuration, foresee: foreseeTargetGroup, run: deleteTargetGroup, waitsForFollowUps: true },
  editTargetUser: { ...configuration, foresee: foreseeTargetUser, run: editTargetUser, waitsForFollowUps: false },
  removeTargetUser: { ...configuration, foresee: foreseeTargetUser, run: removeTargetUser, waitsForFollowUps: false },
  addManualMember: { ...configuration, foresee: foreseeManualMember, run: setManualMember, waitsForFollowUps: false },
  removeManualMember: {
    ...configuration,
    foresee: foreseeManualMember,
    run: setManualMember,
    waitsForFollowUps: false,
  },
  setCatalogue: { ...configuration, foresee: nothing, run: setCatalogue, waitsForFollowUps: true },
  setAutoEnrolments: { ...configuration, foresee: foreseeTargetGroup, run: setAutoEnrolments, waitsForFollowUps: true },
  restoreItem: { ...configuration, foresee: foreseeTargetGroup, run: restoreItem, waitsForFollowUps: true },
  reportProgress: {
    ...configuration,
    changesConfiguration: false,
    foresee: foreseeReports,
    run: reportProgress,
    waitsForFollowUps: false,
  },
  setOverdue: { ...configuration, foresee: foreseeOverdue, run: setOverdue, waitsForFollowUps: false },
  createWebhook: { ...configuration, foresee: nothing, run: createWebhook, waitsForFollowUps: false },
  updateWebhook: { ...configuration, foresee: nothing, run: updateWebhook, waitsForFollowUps: false },
  deleteWebhook: { ...configuration, foresee: nothing, run: deleteWebhook, waitsForFollowUps: false },
  changeCompany: { ...configuration, foresee: nothing, run: changeCompany, waitsForFollowUps: false },
  setQuotas: { ...configuration, foresee: nothing, run: setQuotas, waitsForFollowUps: false },
  deleteCompany: { ...configuration, foresee: nothing, run: deleteCompany, waitsForFollowUps: true },
  followUp: {
    ...configuration,
    foresee: foreseeFollowUp,
    run: runFollowUp,
    waitsForFollowUps: false,
    describe: ({ followUp }) => `follow-up ${followUp.kind}`,
  },
  renewRows: {
    ...configuration,
    foresee: foreseeRenewal,
    run: renewRows,
    waitsForFollowUps: false,
    describe: ({ step }) => `renewal of ${step.form}`,
  },
  log: {
    ...data,
    foresee: (unit, { entries }) => foreseeBearers(unit, entries),
    run: (context, { entries }) => {
      for (const entry of entries) context.unit.log(entry);
      countLookups(context);
      return { kind: "done" };
    },
    weigh: () => LIGHT,
    waitsForFollowUps: false,
  },
};

/** All there is to know of an operation's kind. */
export function recordOf<K extends QueuedKind>({ kind }: { kind: K }): OperationRecord<OfKind<K>> {
  return OPERATIONS[kind];
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
      return runAndConclude(context, operation);
    } catch (error) {
      if (!(error instanceof Tripped) || trips.length === SAFEGUARD_KINDS.length) throw error;
      trips.push(error);
      context.restart();
      for (const trip of trips) openTripped(context, trip);
    }
}

function runAndConclude(context: OperationContext, operation: QueuedOperation): Outcome {
  const outcome = recordOf(operation).run(context, operation);
  reviewTargetGroups(context);
  noteWithdrawnByRename(context, enrolPersons(context));
  giveBackLostNames(context);
  updateHolds(context, (followUp) => rulesOf(followUp).addsToHolds);
  context.announceRest();
  return outcome;
}
