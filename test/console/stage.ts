import type { Browser } from "playwright-core";
import { launchBrowser } from "./browse.ts";
import { type Server, startServer } from "./serve.ts";

/** The one server and browser that all browser tests of the console share. */
export interface Stage {
  server: Server;
  browser: Browser;
}

let stage: Promise<Stage> | null = null;

/** The stage, set up by whoever asks first. */
export function openStage(): Promise<Stage> {
  stage ??= Promise.all([startServer(), launchBrowser()]).then(([server, browser]) => ({ server, browser }));
  return stage;
}

/** Takes the stage down again. */
export async function closeStage(): Promise<void> {
  const { server, browser } = await openStage();
  await browser.close();
  await server.stop();
}
