import { explainRequest } from "../../log/explain-request.ts";
import type { ListedRequest } from "../../log/plan-log-walk.ts";
import { isoTime } from "../../platform/clock.ts";
import { SCIM_PATH } from "../../settings/tenant-url.ts";
import { href } from "../routes.ts";
import type { Column } from "../views/list.tsx";
import { formatExact, formatMoment } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";

/** The columns of a list of requests; `order` is theirs where it can be changed. */
export function columnsOfLog(companyId: string): Column<ListedRequest>[] {
  return [
    {
      head: "Time",
      look: "wide moment",
      sort: { up: "-time", down: "time" },
      cell: ({ time, settingName }) => (
        <>
          <RequestTime time={time} />
          <span class="sub">{settingName}</span>
        </>
      ),
    },
    {
      head: "What it meant",
      namesRow: true,
      cell: (row) => (
        <>
          <a href={href("logEntry", { companyId, requestId: row.id })}>{shorten(explainRequest(row))}</a>
          <span class="sub slim">
            <RequestTime time={row.time} /> · {row.settingName}
          </span>
          <span class="sub mono wide">{`${row.method} ${shortPath(row.path)}`}</span>
        </>
      ),
    },
    { head: "Outcome", cell: ({ status }) => <OutcomePill status={status} /> },
    { head: "Took", look: "number wide nowrap", cell: ({ duration }) => `${duration} ms` },
  ];
}

/** When a request came, in words; exact beside it for machines and screen readers, and shown when it is pointed at or its row has the focus. */
function RequestTime({ time }: { time: number }) {
  return (
    <span class="when">
      <time datetime={isoTime(time)} class="nowrap">
        {ageOf(time, Date.now())}
      </time>
      <span class="exact">{formatExact(time)}</span>
    </span>
  );
}

/** A path below the tenant URL, without its query and with the ends of its ids; the request's own page has it whole. */
function shortPath(path: string): string {
  const [bare = ""] = path.split("?", 1);
  const below = bare.startsWith(`${SCIM_PATH}/`) ? bare.slice(SCIM_PATH.length) : bare;
  return below.replace(/[0-9a-f-]{30}([0-9a-f]{6})(?![0-9a-f-])/gi, "…$1");
}

/** How long ago, to the second within the last minute: what came in one breath is told apart. */
function ageOf(time: number, now: number): string {
  const age = Math.max(0, now - time);
  return age < 60_000 ? `${Math.floor(age / 1_000)} s ago` : formatMoment(time, now);
}

/** A sentence about the provider without its subject, which every row shares. */
function shorten(sentence: string): string {
  const rest = sentence.replace(/^The provider /, "").replace(/\.$/, "");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** An answer's status, coloured by whether it was accepted. */
export function OutcomePill({ status }: { status: number }) {
  return <Pill tone={status < 400 ? "good" : "bad"}>{status}</Pill>;
}
