import type { Child } from "hono/jsx";
import type { SignInWay } from "../../providers/guide.ts";
import type { TailoredGuide } from "../../providers/tailor-guide.ts";
import type { Field } from "../../settings/fields.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { href } from "../routes.ts";
import { Icon } from "../views/icon.tsx";
import { readArrival, type SettingArrival } from "./arrival.ts";
import { ArrivalCheck } from "./arrival-check.tsx";
import { guideOfSetting } from "./guide-of-setting.ts";
import { Sentences } from "./guide-view.tsx";

/** How far a setting has come, and the guide that says what to do about it for one way of signing in. */
interface Check {
  setting: SettingRecord;
  arrival: SettingArrival;
  guide: TailoredGuide;
  way: SignInWay;
}

/** Reads how far a setting has come. */
export async function readCheck(
  c: ConsoleContext,
  setting: SettingRecord,
  fields: readonly Field[],
  way: SignInWay,
): Promise<Check> {
  return { setting, arrival: await readArrival(c, setting), guide: guideOfSetting(setting, fields, way), way };
}

interface Ids {
  companyId: string;
  settingId: string;
}

interface CardProps {
  companyId: string;
  check: Check;
}

interface CheckCardProps extends CardProps {
  /** Whether nothing can sign in: then nothing is waited for. */
  isMute: boolean;
}

/** The end of a guide: one person is sent, and this turns green. */
export function CheckCard({ companyId, check, isMute }: CheckCardProps) {
  return (
    <section class="card stack panel" id="check" aria-labelledby="check-title">
      {isMute ? (
        <>
          <h2 id="check-title">Send one person now</h2>
          <NoCredential ids={{ companyId, settingId: check.setting.id }} />
        </>
      ) : (
        <Look companyId={companyId} check={check} title="Send one person now">
          <Sentences of={check.guide.sendOne} class="bullets" />
        </Look>
      )}
    </section>
  );
}

/** The same of a setting that is looked at apart from its guide. */
export function ConnectionCard({ companyId, check }: CardProps) {
  return (
    <section class="card stack" aria-labelledby="check-title">
      <Look companyId={companyId} check={check} title="Connection" />
    </section>
  );
}

/** What stands instead where nothing can sign in: nothing is waited for. */
export function NoCredentialCard({ ids }: { ids: Ids }) {
  return (
    <section class="card stack tight" aria-labelledby="check-title">
      <h2 id="check-title">Connection</h2>
      <NoCredential ids={ids} />
    </section>
  );
}

/** Says that nothing can sign in, and leads to where a credential is made. */
function NoCredential({ ids }: { ids: Ids }) {
  return (
    <p class="check bad">
      <Icon name="warning" />
      <span>
        <strong>No credential.</strong> Nothing can sign in to this setting. <a href={href("tokens", ids)}>Make one</a>,
        and give it to the identity provider.
      </span>
    </p>
  );
}

/** How far it has come; it looks again by itself where script runs, else by its link. */
function Look({ companyId, check, title, children }: CardProps & { title: string; children?: Child }) {
  const ids = { companyId, settingId: check.setting.id };
  // A browser that is at this very address already would go to its fragment without loading it.
  const again = `${href("setup", ids, { signIn: check.way, look: Date.now().toString(36) })}#check`;
  return (
    <>
      <div class="row between">
        <h2 id="check-title">{title}</h2>
        <a class="small" href={again}>
          Look again
        </a>
      </div>
      {children}
      <div data-live={href("live", ids, { signIn: check.way })}>
        <ArrivalCheck companyId={companyId} {...check} />
      </div>
    </>
  );
}
