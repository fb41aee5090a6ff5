import type { Change } from "../changes/change.ts";
import type { Failure } from "./delivery-failure.ts";
import type { SendPorts, SendResult } from "./send-webhook.ts";

/** A webhook as its courier sees it. */
interface CourierWebhook {
  key: number;
  id: string;
  companyId: string;
  url: string;
  allowsLoopback: boolean;
  /** Enabled, and not failing. */
  isActive: boolean;
  cursor: number;
  /** What an operator changes makes a new revision, and so does a new instance of the courier. */
  revision: number;
  failedAttempts: number;
  firstFailedAt: number | null;
  nextAttemptAt: number | null;
}

/** What lies before a courier, read at one moment. */
export interface Round {
  webhook: CourierWebhook;
  /** The live signing secrets, newest first; none when they cannot be opened. */
  secrets: readonly string[];
  /** What an operator wants sent once more. */
  resends: readonly Change[];
  hasMoreResends: boolean;
  /** The next changes of the webhook's types, in order. */
  changes: readonly Change[];
  /** Up to where the feed was looked through to find them. */
  readTo: number;
  /** Whether that is the newest change. */
  isAtHead: boolean;
  /** Whether the retention has taken changes after the cursor. */
  hasMissed: boolean;
}

/** One attempt to deliver a change; `retrying` and `failed` differ in whether another follows by itself. */
export interface DeliveryAttempt {
  seq: number;
  mark: string | null;
  type: string;
  status: "delivered" | "retrying" | "failed";
  result: SendResult;
}

/** What an attempt that failed does to its webhook. */
export interface Setback {
  failedAttempts: number;
  nextAttemptAt: number | null;
  isFailing: boolean;
  failure: Failure;
}

/** What a courier has to write down; a cursor means that all up to it is delivered. */
export interface Report {
  attempts: readonly DeliveryAttempt[];
  cursor: number | null;
  setback: Setback | null;
}

/** What a courier needs from outside. */
export interface CourierPorts extends SendPorts {
  /** What is to be done now, or null when there is no such webhook. */
  load(): Promise<Round | null>;
  /** Writes a report down, all or nothing; false when the webhook has got a new revision since `load`. */
  record(round: Round, report: Report): Promise<boolean>;
  /** In [0, 1). */
  random(): number;
  /** Whether no operator and no other instance of the courier has made this revision. */
  isOurs(revision: number): boolean;
  /** Whether the webhook has to be looked at again before anything else is sent. */
  isInterrupted(): boolean;
}
