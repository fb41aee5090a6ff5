import type { FormPlace, StoredForm } from "../platform/stored-row-forms.ts";
import type { CompanyConfig } from "../unit/company-config.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { RenewalNote } from "./log-what-renewal-changed.ts";
import type { OperationContext } from "./operation-context.ts";

/** How the rows of one stored form (see STORED_FORMS) become those of the next. */
export interface Renewal {
  /** Whether the writer decides by what it renews: nothing else of the company is done before it. */
  isFirst: boolean;
  /** Looks for rows that are to be renewed after a place; each is named by a text of its own. */
  read(d1: D1Database, config: CompanyConfig, after: string): Promise<FoundRows>;
  /** Wants what renewing a row will read. */
  foresee(unit: UnitOfWork, row: string): void;
  /** Renews a row, however often it is asked to; what it gives is for the log. */
  renew(context: OperationContext, row: string): readonly RenewalNote[];
}

/** Rows to be renewed, and the place after which to go on looking; null when there are no more. */
export interface FoundRows {
  rows: string[];
  after: string | null;
}

/** Rows that one commit renews, and how far the company is then. */
export interface RenewalStep {
  form: StoredForm;
  from: FormPlace;
  rows: string[];
  to: FormPlace;
}
