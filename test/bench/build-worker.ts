import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Esbuild from "esbuild";

/** The bundler that wrangler brings, so that the bench measures what `wrangler deploy` would upload. */
const requireFromWrangler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
const esbuild = requireFromWrangler("esbuild") as typeof Esbuild; // require cannot know the module's type

/** The project's folder. */
export const ROOT = join(import.meta.dirname, "../..");

/** Bundles a Worker's entry (a path within the project) as wrangler does; gives the module's text. A test may change some of it. */
export async function buildWorker(
  entry: string,
  { minify = false, plugins = [] }: { minify?: boolean; plugins?: Esbuild.Plugin[] } = {},
): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(ROOT, entry)],
    bundle: true,
    write: false,
    plugins,
    format: "esm",
    target: "es2024",
    minify,
    keepNames: true,
    conditions: ["workerd", "worker", "browser"],
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    external: ["cloudflare:*", "node:*"],
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`${entry} gave no bundle`);
  return file.text;
}
