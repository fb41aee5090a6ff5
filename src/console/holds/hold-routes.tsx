import { Hono } from "hono";
import type { ConsoleEnv } from "../console-env.ts";
import { ROUTES } from "../routes.ts";
import {
  keepHold,
  releaseHold,
  showKeeping,
  showKeepingFigures,
  showRelease,
  showReleaseFigures,
} from "./decision-pages.tsx";
import { eraseHeld, showErasure } from "./erase-page.tsx";
import { exportHeldPeople, showHold } from "./hold-page.tsx";
import { showHolds } from "./holds-page.tsx";
import { showUndo, undoHold } from "./undo-page.tsx";

/** The routes of what the brake holds of a company. */
export function holdRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.holds, showHolds)
    .get(ROUTES.hold, showHold)
    .get(ROUTES.heldPeopleCsv, exportHeldPeople)
    .get(ROUTES.releaseHold, showRelease)
    .get(ROUTES.releaseFigures, showReleaseFigures)
    .post(ROUTES.releaseHold, releaseHold)
    .get(ROUTES.keepHold, showKeeping)
    .get(ROUTES.keepFigures, showKeepingFigures)
    .post(ROUTES.keepHold, keepHold)
    .get(ROUTES.undoHold, showUndo)
    .post(ROUTES.undoHold, undoHold)
    .get(ROUTES.eraseHeld, showErasure)
    .post(ROUTES.eraseHeld, eraseHeld);
}
