import { Hono } from "hono";
import { findCompany } from "../../companies/company-store.ts";
import { openDatabase } from "../../platform/database.ts";
import { isFlooding, SHIELD_SECONDS, shieldKeyOf } from "../../platform/flood-shield.ts";
import { runRead } from "../../platform/read-batch.ts";
import { newId } from "../../platform/uuid.ts";
import { selectChannel } from "../../webhooks/alert-messages/channel-store.ts";
import { openConfirmation } from "../../webhooks/alert-messages/confirmation-links.ts";
import { openWriter } from "../../writer/open-writer.ts";
import type { ConsoleContext, ConsoleEnv } from "../console-env.ts";
import { Refused } from "../refused.ts";
import { href, ROUTES } from "../routes.ts";
import { LonePage } from "../views/layout.tsx";

/**
 * The routes of the link that confirms an e-mail address. Opening it only asks: mail servers open links to look at them. The
 * form confirms, once.
 */
export function confirmRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.confirmChannel, async (c) => {
      const found = await findAsked(c);
      return found === null ? c.html(<SpentPage />, 410) : c.html(<AskPage seal={seal(c)} {...found} />);
    })
    .post(ROUTES.confirmChannel, async (c) => {
      const found = await findAsked(c);
      if (found === null) return c.html(<SpentPage />, 410);
      const { companyId, channelId, nonce } = found;
      const cause = { requestId: newId(Date.now()), actor: "admin", settingId: null, provider: null } as const;
      const operation = { kind: "confirmChannel", channelId, nonce } as const;
      const result = await openWriter(c.env, companyId).write(companyId, { operation, cause });
      // It was used, or sent anew, since it was looked at.
      if (!result.ok && (result.code === "no_such_channel" || result.code === "no_such_company"))
        return c.html(<SpentPage />, 410);
      if (!result.ok) throw new Refused(result.status, "That was refused", result.detail, result.retryAfter);
      return c.html(<DonePage {...found} />);
    });
}

function seal(c: ConsoleContext): string {
  return c.req.param("seal") ?? "";
}

/** What a link asks for, while it is good: sealed here, not over, and not used. */
async function findAsked(c: ConsoleContext) {
  if (await isFlooding(c.env.ADDRESS_SHIELD, shieldKeyOf(c.req.header("CF-Connecting-IP")), c.req.url))
    throw new Refused(429, "Too many links", "Wait a little, then open the link again.", SHIELD_SECONDS);
  const asked = await openConfirmation(c.env, seal(c), Date.now());
  const company = asked === null ? null : await findCompany(c.env, asked.companyId);
  if (asked === null || company === null) return null;
  const database = openDatabase(c.env, company);
  const channel = await runRead(database, selectChannel(company.key, asked.channelId));
  if (channel === null || channel.nonce !== asked.nonce) return null;
  return { ...asked, companyName: company.name, address: channel.address };
}

interface Asked {
  companyName: string;
  address: string;
}

function AskPage({ seal: text, companyName, address }: Asked & { seal: string }) {
  return (
    <LonePage title="Receive alerts?">
      <form class="card stack" method="post" action={href("confirmChannel", { seal: text })}>
        <h1>Receive alerts?</h1>
        <p>
          Alerts of <strong>{companyName}</strong> will be sent to <strong>{address}</strong>: when provisioning fails
          or goes silent, when a credential is about to end, when something waits for a decision.
        </p>
        <button class="primary" type="submit">
          Confirm
        </button>
      </form>
      <p class="soft small">You did not ask for this? Close the page: nothing will be sent.</p>
    </LonePage>
  );
}

function DonePage({ companyName, address }: Asked) {
  return (
    <LonePage title="Confirmed">
      <div class="card stack">
        <h1>Confirmed</h1>
        <p>
          Alerts of <strong>{companyName}</strong> come to <strong>{address}</strong> from now on. You can close this
          page.
        </p>
      </div>
    </LonePage>
  );
}

function SpentPage() {
  return (
    <LonePage title="This link no longer works">
      <div class="card stack">
        <h1>This link no longer works</h1>
        <p>
          It works once, for three days. If the address is not confirmed yet, have another one sent from the console:
          Alerts, Who is told.
        </p>
      </div>
    </LonePage>
  );
}
