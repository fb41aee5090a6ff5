import { type Context, Hono } from "hono";
import * as z from "zod";
import { ALERT_STATUSES } from "../alerts/alert.ts";
import { type AlertRecord, selectAlert, selectAlerts, selectPlannedWork } from "../alerts/alert-store.ts";
import { alertPath } from "../alerts/alert-words.ts";
import { isoTime } from "../platform/clock.ts";
import { readText } from "../platform/list-position.ts";
import { runRead } from "../platform/read-batch.ts";
import { type Channel, isReady, selectChannel, selectChannels } from "../webhooks/alert-messages/channel-store.ts";
import {
  CHANNEL_KINDS,
  type ChannelAddress,
  MOST_CHANNELS,
  readChannel,
} from "../webhooks/alert-messages/message-channel.ts";
import { testChannel } from "../webhooks/alert-messages/test-channel.ts";
import type { alertShape, channelShape, plannedWorkShape } from "./alert-shapes.ts";
import type { ApiEnv } from "./api-env.ts";
import { pageQuery, readPaging, toWholePage } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { invalidInput, notFound } from "./problem.ts";
import { readBody, readQuery } from "./validate-input.ts";

/** The query of the list of alerts. */
export const alertQuery = pageQuery.extend({ status: z.enum(ALERT_STATUSES).optional() });

/** Where messages are to go: the whole list. */
export const channelsInput = z
  .array(z.strictObject({ kind: z.enum(CHANNEL_KINDS), to: z.string().min(1).max(2000) }))
  .max(MOST_CHANNELS);

/** Work that is announced until a time; null ends it. */
export const plannedWorkInput = z.strictObject({
  until: z.iso.datetime({ offset: true }).nullable(),
  note: z.string().trim().max(200).default(""),
});

/** The longest that work may be announced for (ms): nobody hears of anything for so long. */
const LONGEST_WORK = 31 * 24 * 3_600_000;

/** The routes of a company's alerts. */
export function alertRoutes() {
  return new Hono<ApiEnv>()
    .get("/", readQuery(alertQuery), async (c) => {
      const query = c.req.valid("query");
      const { after, take, answer } = readPaging(c, query, readText);
      const page = { take, before: after, status: query.status ?? null };
      const alerts = await runRead(c.var.database, selectAlerts(c.var.company.key, page));
      return c.json(
        answer(
          alerts,
          ({ id }) => id,
          (alert) => presentAlert(c, alert),
        ),
      );
    })
    .post("/:alertId/dismiss", async (c) => {
      const { id: alertId } = await requireAlert(c, c.req.param("alertId"));
      await perform(c, { kind: "dismissAlert", alertId });
      return c.json(presentAlert(c, await requireAlert(c, alertId)));
    });
}

/** The routes of where a company's messages go. */
export function alertChannelRoutes() {
  return new Hono<ApiEnv>()
    .get("/", async (c) => c.json(await answerChannels(c)))
    .put("/", readBody(channelsInput), async (c) => {
      const channels = c.req.valid("json").map((wanted, index): ChannelAddress => {
        const { address, refusal } = readChannel(wanted, c.env, c.req.url);
        if (address === null) throw invalidInput([{ pointer: `/${index}/to`, detail: refusal }]);
        return address;
      });
      await perform(c, { kind: "setChannels", channels, origin: c.var.origin });
      return c.json(await answerChannels(c));
    })
    .post("/:channelId/test", async (c) => {
      const id = c.req.param("channelId");
      const channel = await runRead(c.var.database, selectChannel(c.var.company.key, id));
      if (channel === null) throw notFound("no_such_channel", id);
      // A repeat sends nothing: the channel shows what came of the last message.
      if (c.var.replay !== null && isReady(channel))
        return c.json({ sent: channel.failure === null, failure: channel.failure });
      const failure = await testChannel(c.env, c.var.database, c.var.company, channel);
      return c.json({ sent: failure === null, failure });
    });
}

/** The route that announces work. */
export function plannedWorkRoutes() {
  return new Hono<ApiEnv>().post("/", readBody(plannedWorkInput), async (c) => {
    const { until, note } = c.req.valid("json");
    const time = until === null ? null : Date.parse(until);
    if (time !== null && (time <= Date.now() || time > Date.now() + LONGEST_WORK))
      throw invalidInput([{ pointer: "/until", detail: "Give a time within the next 31 days, or null to end it." }]);
    await perform(c, { kind: "planWork", until: time, note });
    const work = await runRead(c.var.database, selectPlannedWork(c.var.company.key));
    const answer: z.infer<typeof plannedWorkShape> = {
      until: isoTime(work?.until ?? null),
      note: work?.note ?? null,
    };
    return c.json(answer);
  });
}

async function requireAlert(c: Context<ApiEnv>, id: string): Promise<AlertRecord> {
  const alert = await runRead(c.var.database, selectAlert(c.var.company.key, id));
  if (alert === null) throw notFound("no_such_alert", id);
  return alert;
}

/** An alert as the API answers it. */
function presentAlert(c: Context<ApiEnv>, alert: AlertRecord): z.infer<typeof alertShape> {
  const { id, kind, status, settingId, title, detail, count, facts } = alert;
  return {
    ...{ id, kind, status, settingId, title, detail },
    since: isoTime(alert.since),
    lastSeenAt: isoTime(alert.lastSeenAt),
    count,
    link: c.var.origin + alertPath(c.var.company.id, id),
    code: facts.code ?? null,
    requestIds: facts.requestIds ?? [],
    dismissedAt: isoTime(alert.dismissedAt),
    closedAt: isoTime(alert.closedAt),
  };
}

async function answerChannels(c: Context<ApiEnv>) {
  return toWholePage((await runRead(c.var.database, selectChannels(c.var.company.key))).map(presentChannel));
}

function presentChannel(channel: Channel): z.infer<typeof channelShape> {
  const { id, kind, address: to, failure } = channel;
  return {
    ...{ id, kind, to },
    status: isReady(channel) ? "ready" : "unconfirmed",
    confirmedAt: isoTime(channel.confirmedAt),
    lastSentAt: isoTime(channel.lastSentAt),
    failure,
    createdAt: isoTime(channel.createdAt),
  };
}
