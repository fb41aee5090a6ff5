import type { MembershipReason } from "../../grouping/target-group-store.ts";
import { href } from "../routes.ts";

interface ReasonsProps {
  companyId: string;
  reasons: readonly MembershipReason[];
  /** The request ids that the provisioning log can show. */
  logged: ReadonlySet<string>;
}

/** Why somebody is in a target group: which rule, of which setting, by which request. */
export function Reasons({ companyId, reasons, logged }: ReasonsProps) {
  return (
    <ul class="bullets small">
      {reasons.map(({ detail, settingId, requestId }) => (
        <li>
          {`Because: ${detail}. `}
          {settingId !== null && <a href={href("setting", { companyId, settingId })}>The setting</a>}
          {settingId !== null && requestId !== null && logged.has(requestId) && " · "}
          <RequestLink companyId={companyId} requestId={requestId} logged={logged} />
        </li>
      ))}
    </ul>
  );
}

/** Leads to a request in the provisioning log, if it is (still) there. */
export function RequestLink({
  companyId,
  requestId,
  logged,
}: {
  companyId: string;
  requestId: unknown;
  logged: ReadonlySet<string>;
}) {
  if (typeof requestId !== "string" || !logged.has(requestId)) return null;
  return <a href={href("logEntry", { companyId, requestId })}>The request</a>;
}
