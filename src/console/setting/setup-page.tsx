import { guideOf } from "../../providers/guides.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import { tenantUrl } from "../../settings/tenant-url.ts";
import type { ConsoleContext } from "../console-env.ts";
import { href } from "../routes.ts";
import { Page } from "../views/layout.tsx";
import { Copyable } from "../views/pills-notices-pager.tsx";
import { GuideView } from "./guide-view.tsx";
import { LiveStatus } from "./live-status.tsx";

/**
 * The page that connects a provider: tenant URL, guide, live line; and, only in the answer to the form that made it, the
 * token. That answer is not redirected: the secret is in no URL, no cookie and no store.
 */
export function showSetup(c: ConsoleContext, setting: SettingRecord, token: string | null) {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  const url = tenantUrl(c.req.url);
  return c.html(
    <Page
      title={token === null ? `Connect ${setting.name}` : "Copy the token, then connect"}
      company={c.var.company}
      session={c.var.session}
      section="settings"
      crumbs={[
        { label: "SCIM settings", url: href("settings", { companyId: ids.companyId }) },
        { label: setting.name, url: href("setting", ids) },
      ]}
      narrow
    >
      <div class="stack loose">
        {token !== null && <TokenCard token={token} />}
        <section class="card stack tight" aria-label="Tenant URL">
          <h2>Tenant URL</h2>
          <p class="hint">
            The same for all settings of this Rollcall; the token says which setting a request belongs to.
          </p>
          <Copyable id="tenant-url" text={url} label="tenant URL" />
        </section>
        <LiveCard ids={ids} setting={setting} />
        <GuideView guide={guideOf(setting.provider)} values={{ tenantUrl: url, token }} />
      </div>
    </Page>,
  );
}

/** A secret that is shown this once. */
export function TokenCard({ token }: { token: string }) {
  return (
    <section class="token stack tight" aria-label="Secret token">
      <h2>Secret token</h2>
      <p>Copy it now: it is shown only this once. Only a fingerprint of it is kept; if it is lost, make another.</p>
      <Copyable id="secret-token" text={token} label="secret token" />
    </section>
  );
}

/** The live line with its own place to be refreshed in. */
export function LiveCard({ ids, setting }: { ids: { companyId: string; settingId: string }; setting: SettingRecord }) {
  return (
    <section class="card stack" aria-labelledby="live-title">
      <div class="row between">
        <h2 id="live-title">Connection</h2>
        <a class="small" href={href("setup", ids)}>
          Refresh
        </a>
      </div>
      <div data-live={href("live", ids)} aria-live="polite">
        <LiveStatus setting={setting} />
      </div>
    </section>
  );
}
