import { Hono } from "hono";
import type { ConsoleEnv } from "../console-env.ts";
import { ROUTES } from "../routes.ts";
import { exportLog } from "./export-log.ts";
import { showLogEntry } from "./log-entry-page.tsx";
import { showLog, showNewRequests } from "./log-page.tsx";

/** The routes of a company's provisioning log. */
export function logRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.log, showLog)
    .get(ROUTES.logCsv, exportLog)
    .get(ROUTES.newRequests, showNewRequests)
    .get(ROUTES.logEntry, showLogEntry);
}
