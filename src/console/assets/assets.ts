import { Hono } from "hono";
import type { ConsoleEnv } from "../console-env.ts";
import { href } from "../routes.ts";
import { CONTROLS_CSS } from "./controls-css.ts";
import { TOKENS_CSS } from "./design-tokens-css.ts";
import { LAYOUT_CSS } from "./layout-css.ts";
import { LOG_CSS } from "./log-css.ts";
import { LOG_SCRIPT } from "./log-script.ts";
import { SCRIPT } from "./script.ts";
import { squeezeStyle } from "./squeeze-style.ts";
import { TABLES_CSS } from "./tables-css.ts";
import { TIMELINE_CSS } from "./timeline-css.ts";

// Style and script are TypeScript strings, not files read through wrangler text rules: the same modules load in the
// Worker, in vitest and under plain Node without any rule in three configurations.
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"><rect width="24" height="24" rx="6" fill="#12352f"/><path d="M7 5.500v13" stroke="#fff"/><path d="m10.500 13 3.200 4L19.500 7" stroke="#8ee4d3"/></svg>`;

const FILES: Record<string, { type: string; text: string }> = {
  "style.css": {
    type: "text/css; charset=utf-8",
    text: squeezeStyle(TOKENS_CSS + LAYOUT_CSS + TABLES_CSS + CONTROLS_CSS + LOG_CSS + TIMELINE_CSS),
  },
  "script.js": { type: "text/javascript; charset=utf-8", text: (SCRIPT + LOG_SCRIPT).replace(/\n +/g, "\n") },
  "icon.svg": { type: "image/svg+xml", text: ICON },
};

/** FNV-1a of a text: names a version of a file, nothing more. */
function versionOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}

const VERSIONS = new Map(Object.entries(FILES).map(([name, { text }]) => [name, versionOf(text)]));

/** The URL of a file the Worker serves, changing with its content, so that browsers may keep it for ever. */
export function assetUrl(name: "style.css" | "script.js" | "icon.svg"): string {
  return href("asset", { name }, { v: VERSIONS.get(name) });
}

/** The route of the console's own style, script and icon. */
export function assetRoutes() {
  return new Hono<ConsoleEnv>().get("/:name", (c) => {
    const name = c.req.param("name");
    // What every object has by birth (`constructor`) is no file.
    const file = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
    if (file === undefined) return c.notFound();
    const isVersioned = c.req.query("v") === VERSIONS.get(name);
    const cache = isVersioned ? "public, max-age=31536000, immutable" : "no-cache";
    return c.body(file.text, 200, { "Content-Type": file.type, "Cache-Control": cache });
  });
}
