import type { Alert } from "../alerts/alert.ts";
import type { FailingWrite } from "../alerts/failing-write.ts";
import type { Traffic } from "../alerts/setting-traffic.ts";
import type { Quotas } from "../companies/quotas.ts";
import type { CompanyConfig, SettingState, TokenRow, WebhookRow } from "./company-config.ts";
import { Rows } from "./loaded-and-changed-rows.ts";
import { Journal } from "./undo-journal.ts";

/** What the rules of alerts look at, as it stands in a commit: each operation that changes any of it says so here. */
export class RowsOfAlerts {
  readonly config: CompanyConfig;
  readonly journal = new Journal();
  readonly tokens: Rows<string, TokenRow>;
  readonly settingStates: Rows<number, SettingState>;
  readonly webhooks: Rows<string, WebhookRow>;
  readonly traffic: Rows<number, Traffic>;
  readonly failingWrites: Rows<string, FailingWrite>;
  /** The company's own fields, by their keys. */
  readonly ownFields: Rows<string, true>;
  readonly quotas: Rows<"all", Quotas>;
  readonly alerts: Rows<string, Alert>;

  constructor(config: CompanyConfig) {
    this.config = config;
    this.tokens = new Rows("tokens", this.journal, { carriedOn: config.tokens });
    this.settingStates = new Rows("settingStates", this.journal, { configured: config.settingStates });
    this.webhooks = new Rows("webhooks", this.journal, { configured: config.webhooks });
    this.traffic = new Rows("traffic", this.journal, { carriedOn: config.traffic });
    this.failingWrites = new Rows("failingWrites", this.journal, { carriedOn: config.failingWrites });
    const fields = config.customFields.map(({ key }) => [key, true] as const);
    this.ownFields = new Rows("ownFields", this.journal, { configured: new Map(fields) });
    this.quotas = new Rows("quotas", this.journal, { configured: new Map([["all", config.quotas]]) });
    this.alerts = new Rows("alerts", this.journal, { carriedOn: config.alerts });
  }
}
