import type { Child } from "hono/jsx";
import type { MembershipReason } from "../../grouping/membership-store.ts";
import { href } from "../routes.ts";
import { capital, curly } from "../views/curly-quotes.ts";

interface ReasonsProps {
  companyId: string;
  reasons: readonly MembershipReason[];
  /** The request ids that the provisioning log can show. */
  logged: ReadonlySet<string>;
  /** The ids of the settings that are there: a deleted one has no page. */
  settings: ReadonlySet<string>;
  /** Whether it stands in a column that asks why, row by row: short then, without the way to the setting. */
  isUnderWhy?: boolean;
}

/** Why somebody is in a target group: which rule, of which setting, by which request. */
export function Reasons({ companyId, reasons, logged, settings, isUnderWhy = false }: ReasonsProps) {
  return (
    <ul class="bullets small">
      {reasons.map(({ detail, settingId, requestId, heldBy }) => (
        <li>
          {isUnderWhy ? (
            <ByRequest companyId={companyId} requestId={requestId} logged={logged}>
              {capital(curly(detail))}
            </ByRequest>
          ) : (
            <>
              {`Because: ${curly(detail)}. `}
              <SettingLink companyId={companyId} settingId={settingId} settings={settings} />
              <RequestLink
                companyId={companyId}
                requestId={requestId}
                logged={logged}
                before={settingId === null ? "" : " · "}
              />
            </>
          )}
          {heldBy !== null && (
            <>
              {" · This is no longer so; "}
              <a href={href("hold", { companyId, holdId: heldBy })}>a hold keeps the person here</a>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

type SettingLinkProps = Pick<ReasonsProps, "companyId" | "settings"> & { settingId: string | null };

function SettingLink({ companyId, settingId, settings }: SettingLinkProps) {
  if (settingId === null) return null;
  if (!settings.has(settingId)) return <>The setting was deleted</>;
  return <a href={href("setting", { companyId, settingId })}>The setting</a>;
}

interface ByRequestProps extends Pick<ReasonsProps, "companyId" | "logged"> {
  requestId: string | null;
  children?: Child;
}

/** Words that lead to the request they came by, if the log has it still. */
function ByRequest({ companyId, requestId, logged, children }: ByRequestProps) {
  if (requestId === null || !logged.has(requestId)) return <>{children}</>;
  return <a href={href("logEntry", { companyId, requestId })}>{children}</a>;
}

/** Leads to a request in the provisioning log, if it is (still) there. */
export function RequestLink({
  companyId,
  requestId,
  logged,
  before = "",
}: {
  companyId: string;
  requestId: unknown;
  logged: ReadonlySet<string>;
  /** What stands between it and what comes before it. */
  before?: string;
}) {
  if (typeof requestId !== "string" || !logged.has(requestId)) return null;
  return (
    <>
      {before}
      <a href={href("logEntry", { companyId, requestId })}>The request</a>
    </>
  );
}
