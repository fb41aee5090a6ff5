import { type OpenHolds, selectOpenHoldCount } from "../../holds/open-hold-counts-store.ts";
import { runRead } from "../../platform/read-batch.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { href } from "../routes.ts";
import { Hidden } from "../views/form.tsx";
import { countOf } from "../views/moments-and-counts.tsx";
import { Notice } from "../views/pills-notices-pager.tsx";

/** What waits in a setting's holds, in numbers. */
export function findOpenHolds(c: ConsoleContext, { id }: Pick<SettingRecord, "id">): Promise<OpenHolds> {
  return runRead(c.var.database, selectOpenHoldCount(c.var.company.key, id));
}

/** Shows a setting's open holds before something is done with it; what it does leaves those who wait untouched. */
export function HoldsFirst({ companyId, held, rest }: { companyId: string; held: OpenHolds; rest: string }) {
  if (held.holds === 0 || held.id === null) return null;
  const url = held.holds === 1 ? href("hold", { companyId, holdId: held.id }) : href("holds", { companyId });
  return (
    <>
      <Notice tone="warn">
        <p>
          <strong>{`${countOf(held.people, "person waits", "people wait")} in ${held.holds === 1 ? "a hold" : `${held.holds} holds`} of this setting.`}</strong>{" "}
          <a href={url}>Decide about them first</a>
          {` ${rest}`}
        </p>
      </Notice>
      <Hidden values={{ holds: "leave" }} />
    </>
  );
}

/** What a form says of the open holds that it showed. */
export function seenHolds({ holds }: Record<string, string | undefined>): { holds?: "leave" } {
  return holds === "leave" ? { holds } : {};
}
