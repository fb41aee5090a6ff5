import { Hono } from "hono";
import type { ConsoleEnv } from "../console-env.ts";
import { ROUTES } from "../routes.ts";
import { exportTraining } from "./export-training.ts";
import { showTraining } from "./training-page.tsx";
import { exportTrainings, showTrainings } from "./trainings-page.tsx";

/** The routes of what a company's people are trained in. */
export function trainingRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.trainings, showTrainings)
    .get(ROUTES.trainingsCsv, exportTrainings)
    .get(ROUTES.training, showTraining)
    .get(ROUTES.trainingCsv, exportTraining);
}
