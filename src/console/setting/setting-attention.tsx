import type { QuotaState } from "../../companies/quotas.ts";
import type { UnusedPath } from "../../log/unused-path-store.ts";
import { href } from "../routes.ts";
import { Icon } from "../views/icon.tsx";
import { formatCount, Moment } from "../views/moments-and-counts.tsx";
import type { FailureGroup } from "./failures-by-cause.ts";
import { NearQuotas } from "./quotas-card.tsx";
import { UnfitPaths } from "./unused-paths.tsx";

interface Props {
  companyId: string;
  groups: readonly FailureGroup[];
  /** Paths whose values did not fit the fields they are mapped to. */
  unfit: readonly UnusedPath[];
  quotas: readonly QuotaState[];
}

/** What of a setting wants an admin: requests that failed, values that the mapping has no place for, quotas nearly used. */
export function Attention({ companyId, groups, unfit, quotas }: Props) {
  return (
    <section class="card" aria-labelledby="failures-title">
      <h2 id="failures-title">Needs attention</h2>
      {groups.length === 0 && (
        <p class="row soft">
          <Icon name="done" />
          No request failed in the last 7 days.
        </p>
      )}
      {groups.map(({ title, advice, count, lastTime, lastId, labels }) => (
        <div class="failure stack tight">
          <div class="row between">
            <h3>{title}</h3>
            <span class="tag">{`${formatCount(count)} ×`}</span>
          </div>
          <p>{advice}</p>
          <p class="hint">
            {labels.length > 0 && `${labels.join(", ")} · `}
            <a href={href("logEntry", { companyId, requestId: lastId })}>
              Last seen <Moment time={lastTime} />
            </a>
          </p>
        </div>
      ))}
      <NearQuotas states={quotas} />
      <UnfitPaths companyId={companyId} paths={unfit} />
    </section>
  );
}
