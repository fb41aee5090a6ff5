import { Hono } from "hono";
import type { ConsoleEnv } from "../console-env.ts";
import { ROUTES } from "../routes.ts";
import { dismissAlert, showAlert } from "./alert-page.tsx";
import { showAlerts } from "./alerts-page.tsx";
import { addChannel, askAgain, removeChannel, sendTest, sendWebhookTest, showChannels } from "./channels-page.tsx";
import { endWork, planWork } from "./planned-work.tsx";
import { showChannelRemoval } from "./remove-channel-page.tsx";

/** The routes of a company's alerts, and of who is told of them. */
export function alertRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.alerts, showAlerts)
    .get(ROUTES.alert, showAlert)
    .post(ROUTES.dismissAlert, dismissAlert)
    .get(ROUTES.channels, (c) => showChannels(c))
    .post(ROUTES.channels, addChannel)
    .get(ROUTES.removeChannel, showChannelRemoval)
    .post(ROUTES.removeChannel, removeChannel)
    .post(ROUTES.testChannel, sendTest)
    .post(ROUTES.askChannelAgain, askAgain)
    .post(ROUTES.testWebhook, sendWebhookTest)
    .post(ROUTES.plannedWork, planWork)
    .post(ROUTES.endPlannedWork, endWork);
}
