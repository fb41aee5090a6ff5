import { Hono } from "hono";
import type { ConsoleEnv } from "../console-env.ts";
import { ROUTES } from "../routes.ts";
import { showLogEntry } from "./log-entry-page.tsx";
import { exportLog, showLog } from "./log-page.tsx";

/** The routes of a company's provisioning log. */
export function logRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.log, showLog)
    .get(ROUTES.logCsv, exportLog)
    .get(ROUTES.logEntry, showLogEntry);
}
