import { runRead } from "../../platform/read-batch.ts";
import { isReady, selectChannels } from "../../webhooks/alert-messages/channel-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { FormEnd } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { countOf } from "../views/moments-and-counts.tsx";
import { Notice } from "../views/pills-notices-pager.tsx";
import { channelName } from "./channels-page.tsx";

/** Asks before an address is told of alerts no more, with who is told then. */
export async function showChannelRemoval(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const channelId = c.req.param("channelId") ?? "";
  const channels = await atOneMoment(c, () => runRead(database, selectChannels(company.key)));
  const channel = channels.find(({ id }) => id === channelId);
  if (channel === undefined) throw notHere();
  const companyId = company.id;
  const others = channels.filter((other) => other.id !== channelId && isReady(other)).length;
  return c.html(
    <Page
      title={`Tell ${channelName(channel)} no more?`}
      company={company}
      session={session}
      section="alerts"
      crumbs={[
        { label: "Alerts", url: href("alerts", { companyId }) },
        { label: "Who is told", url: href("channels", { companyId }) },
      ]}
      lead={
        channel.kind === "email"
          ? "It can be added again, and has to be confirmed again then."
          : "It can be added again by its whole address, which is shown nowhere here."
      }
      narrow
    >
      <form class="card stack" method="post" action={href("removeChannel", { companyId, channelId })}>
        {others === 0 ? (
          <Notice tone="warn">
            <strong>No other address is told.</strong> Alerts show in this console only.
          </Notice>
        ) : (
          <p>{`${countOf(others, "other address is", "other addresses are")} still told.`}</p>
        )}
        <FormEnd cancel={href("channels", { companyId })} label="Remove" isDanger />
      </form>
    </Page>,
  );
}
