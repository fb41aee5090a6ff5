import { Hono } from "hono";
import type { ConsoleEnv } from "../console-env.ts";
import { href } from "../routes.ts";
import { CONTROLS_CSS } from "./controls-css.ts";
import { TOKENS_CSS } from "./design-tokens-css.ts";
import { LAYOUT_CSS } from "./layout-css.ts";
import { LOG_CSS } from "./log-css.ts";
import { LOG_SCRIPT } from "./log-script.ts";
import { SCRIPT } from "./script.ts";
import { TABLES_CSS } from "./tables-css.ts";
import { TIMELINE_CSS } from "./timeline-css.ts";

// Style and script are TypeScript strings, not files read through wrangler text rules: the same modules load in the
// Worker, in vitest and under plain Node without any rule in three configurations.
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="#0b6b5c"/><path d="M6 8h6M6 12h4M6 16h5" stroke="#fff" stroke-width="2" stroke-linecap="round"/><path d="m13 13.500 2.200 2.200L19 11" fill="none" stroke="#8ee4d3" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

const FILES: Record<string, { type: string; text: string }> = {
  "style.css": {
    type: "text/css; charset=utf-8",
    text: TOKENS_CSS + LAYOUT_CSS + TABLES_CSS + CONTROLS_CSS + LOG_CSS + TIMELINE_CSS,
  },
  "script.js": { type: "text/javascript; charset=utf-8", text: SCRIPT + LOG_SCRIPT },
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
