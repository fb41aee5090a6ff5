import { DAY } from "../platform/clock.ts";
import { packJson } from "../platform/pack-json.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { NoteKind } from "../scim/note.ts";
import type { LoggedRequests } from "./log-entry.ts";
import { listedPath } from "./unused-path-store.ts";

/** Paths kept of one setting. */
const MAX_PATHS = 100;
/** Of paths not seen for so long (ms) nothing is kept. */
const FORGOTTEN = 30 * DAY;
/** What this writer remembers to have written; forgetting it costs a few statements. */
const MAX_REMEMBERED = 5_000;

interface Sighting {
  settingKey: number;
  kind: NoteKind;
  path: string;
  requestId: string;
}

/** Which paths a setting's provider sent without effect were written of late, as far as this writer knows: each once a day. */
export class Sightings {
  readonly #written = new Map<string, number>();

  /** The statements that list the paths which the requests of a commit sent without effect. */
  plan(logged: LoggedRequests): Sql[] {
    const due = this.#dueIn(logged);
    if (due.length === 0) return [];
    const { now } = logged;
    const settings = JSON.stringify([...new Set(due.map(({ settingKey }) => settingKey))]);
    return [
      sql`DELETE FROM sent_not_used WHERE setting_key IN (SELECT value FROM json_each(${settings})) AND last_at < ${now - FORGOTTEN}`,
      ...packJson(due.map(({ settingKey, kind, path, requestId }) => [settingKey, kind, path, requestId])).map((text) =>
        insertPaths(now, text),
      ),
    ];
  }

  /** Remembers what a commit wrote. */
  remember(logged: LoggedRequests): void {
    if (this.#written.size > MAX_REMEMBERED) this.#written.clear();
    for (const sighting of this.#dueIn(logged)) this.#written.set(keyOf(sighting), logged.now);
  }

  #dueIn({ logEntries, config, now }: LoggedRequests): Sighting[] {
    const due = new Map<string, Sighting>();
    for (const { id, settingId, status, notes } of logEntries) {
      const setting = config.settings.get(settingId);
      if (setting === undefined || status >= 400) continue;
      for (const note of notes) {
        const path = listedPath(note);
        if (path === null) continue;
        const sighting = { settingKey: setting.key, kind: note.kind, path, requestId: id };
        if (now - (this.#written.get(keyOf(sighting)) ?? 0) >= DAY) due.set(keyOf(sighting), sighting);
      }
    }
    return [...due.values()];
  }
}

function keyOf({ settingKey, kind, path }: Sighting): string {
  return `${settingKey} ${kind} ${path}`;
}

/** A path that is listed already is brought up to date once a day; a new one has to find room. */
function insertPaths(now: number, paths: string): Sql {
  return sql`INSERT INTO sent_not_used (setting_key, kind, path, first_at, last_at, request_id)
    SELECT j.value->>0, j.value->>1, j.value->>2, ${now}, ${now}, j.value->>3 FROM json_each(${paths}) j
    WHERE (SELECT count(*) FROM sent_not_used s WHERE s.setting_key = j.value->>0) < ${MAX_PATHS} OR EXISTS (SELECT 1
      FROM sent_not_used s WHERE s.setting_key = j.value->>0 AND s.kind = j.value->>1 AND s.path = j.value->>2)
    ON CONFLICT (setting_key, kind, path) DO UPDATE SET last_at = excluded.last_at, request_id = excluded.request_id
      WHERE excluded.last_at - last_at >= ${DAY}`;
}
