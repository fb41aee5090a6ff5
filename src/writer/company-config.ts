import type { CompiledMapping } from "../directory/derive-user.ts";
import type { AutoEnrolment } from "../enrolment/plan-enrolments.ts";
import type { Field } from "../settings/fields.ts";
import type { Setting } from "../settings/setting.ts";
import type { LastUses } from "./last-uses.ts";
import type { ReplanKind } from "./replan.ts";
import type { Sightings } from "./sightings.ts";
import type { TargetGroupCache } from "./target-group-cache.ts";

/** A setting as the writer uses it: its field mappings ready to read documents with. */
export interface WriterSetting extends Setting {
  compiledMappings: CompiledMapping[];
}

/** A token's row, as far as its liveness goes. */
export interface TokenRow {
  settingKey: number;
  expiresAt: number | null;
  revokedAt: number | null;
}

/** A webhook, as far as the writer has to do with it. */
export interface WebhookRow {
  key: number;
  isEnabled: boolean;
  /** Whether it had changes to deliver when the configuration was read. */
  isBehind: boolean;
}

/** Work left over from a settled decision. */
export interface PendingReplan {
  key: number;
  kind: ReplanKind;
  scopeKey: number;
  afterUserKey: number;
  cause: string;
}

/**
 * What rules a company's writes and changes only by configuration operations. The writer keeps it between commits for
 * as long as the last commit's number and id show that nobody else committed.
 */
export interface CompanyConfig {
  companyKey: number;
  companyId: string;
  name: string;
  deleted: boolean;
  commitNo: number;
  /** Of the commit with that number: after a restore of the database the number alone may name another one. */
  commitId: string | null;
  /** The ids of the latest commits at the time of reading, in one text. */
  recentCommits: string;
  settings: Map<string, WriterSetting>;
  settingsByKey: Map<number, WriterSetting>;
  customFields: Field[];
  autoEnrolments: Map<number, AutoEnrolment[]>;
  tokens: Map<string, TokenRow>;
  replans: PendingReplan[];
  webhooks: Map<string, WebhookRow>;
  lastUses: LastUses;
  sightings: Sightings;
  /** Null when there are too many to keep. */
  targetGroups: TargetGroupCache | null;
}
