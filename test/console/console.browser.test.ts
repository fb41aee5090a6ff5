import { afterAll } from "vitest";
import { closeStage } from "./stage.ts";
import "./counted-later-journey.ts";
import "./journeys.ts";
import "./log-tail-journey.ts";
import "./long-names.ts";
import "./pages.ts";
import "./shadow-journey.ts";

// One file: a second one would start a second server, and the whole suite is to stay under a minute.
afterAll(closeStage);
