import { ALERT_OPERATIONS } from "./alert-operations.ts";
import { CLIENT_OPERATIONS } from "./client-operations.ts";
import { COMPANY_OPERATIONS, FIELD_OPERATIONS } from "./company-operations.ts";
import type { DescribedOperation } from "./described-operation.ts";
import { HISTORY_OPERATIONS } from "./history-operations.ts";
import { HOLD_OPERATIONS } from "./hold-operations.ts";
import { PERSON_OPERATIONS } from "./person-operations.ts";
import { REPORT_OPERATIONS } from "./report-operations.ts";
import { SETTING_OPERATIONS, TOKEN_OPERATIONS } from "./setting-operations.ts";
import { ENROLMENT_OPERATIONS, TARGET_GROUP_OPERATIONS } from "./target-group-operations.ts";
import { WEBHOOK_OPERATIONS } from "./webhook-operations.ts";

/** Every route of the management API that needs the operator key. */
export const OPERATIONS: readonly DescribedOperation[] = [
  ...COMPANY_OPERATIONS,
  ...FIELD_OPERATIONS,
  ...SETTING_OPERATIONS,
  ...TOKEN_OPERATIONS,
  ...CLIENT_OPERATIONS,
  ...PERSON_OPERATIONS,
  ...HOLD_OPERATIONS,
  ...ALERT_OPERATIONS,
  ...TARGET_GROUP_OPERATIONS,
  ...ENROLMENT_OPERATIONS,
  ...HISTORY_OPERATIONS,
  ...REPORT_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
];
