import { type OpenAlerts, selectOpenAlertCounts } from "../alerts/alert-store.ts";
import type { Company } from "../companies/company.ts";
import { selectWaiting } from "../holds/hold-store.ts";
import { openDatabase } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { runRead, together } from "../platform/read-batch.ts";
import { type SilentSettings, selectSilentSettings } from "../settings/setting-health-store.ts";
import { countOf } from "./views/moments-and-counts.tsx";
import { Pill } from "./views/pills-notices-pager.tsx";

/** What of a company wants somebody. */
export interface Wants {
  settings: SilentSettings;
  alerts: OpenAlerts;
  /** People who wait for a decision. */
  waiting: number;
}

const NO_ALERTS: OpenAlerts = { failing: 0, others: 0 };
const NO_SETTINGS: SilentSettings = { mute: 0, paused: 0 };

/** Reads at `now` (ms) what of each of some companies wants somebody, by their keys: one batch for each database that has some. */
export async function readWants(env: Env, companies: readonly Company[], now: number): Promise<Map<number, Wants>> {
  const byShard = [...Map.groupBy(companies, ({ shard }) => shard)];
  const found = await Promise.all(
    byShard.map(async ([shard, own]) => {
      const keys = own.map(({ key }) => key);
      const read = {
        settings: selectSilentSettings(keys, now),
        alerts: selectOpenAlertCounts(keys),
        waiting: selectWaiting(keys),
      };
      const { settings, alerts, waiting } = await runRead(openDatabase(env, { shard }), together(read));
      return keys.map((key): [number, Wants] => [
        key,
        {
          settings: settings.get(key) ?? NO_SETTINGS,
          alerts: alerts.get(key) ?? NO_ALERTS,
          waiting: waiting.get(key) ?? 0,
        },
      ]);
    }),
  );
  return new Map(found.flat());
}

/** How a company is, as far as a list of many says it; its own page judges each setting by itself. */
export function CompanyState({ wants }: { wants: Wants | undefined }) {
  if (wants === undefined) return null;
  const { alerts, waiting } = wants;
  const { mute, paused } = wants.settings;
  const parts = [
    ...(mute > 0 ? [`${countOf(mute, "setting")} without a credential`] : []),
    ...(alerts.failing > 0 ? [`${countOf(alerts.failing, "alert")} of refused writes`] : []),
    ...(alerts.others > 0 ? [countOf(alerts.others, "other alert")] : []),
    ...(paused > 0 ? [`${countOf(paused, "setting")} paused`] : []),
    ...(waiting > 0 ? [`${countOf(waiting, "person waits", "people wait")} for a decision`] : []),
  ];
  if (parts.length === 0) return <Pill tone="good">Well</Pill>;
  return (
    <>
      <Pill tone={mute > 0 ? "bad" : "warn"}>{mute > 0 ? "Does not work" : "Needs a look"}</Pill>
      <span class="sub">{parts.join(", ")}</span>
    </>
  );
}
