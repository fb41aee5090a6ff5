import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import type * as Esbuild from "esbuild";

/** The bundler that wrangler brings, so that the bench measures what `wrangler deploy` would upload. */
const requireFromWrangler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
const esbuild = requireFromWrangler("esbuild") as typeof Esbuild; // require cannot know the module's type

/** The project's folder. */
export const ROOT = join(import.meta.dirname, "../..");

/** As wrangler bundles by our wrangler.toml. */
const AS_WRANGLER = {
  bundle: true,
  write: false,
  format: "esm",
  target: "es2024",
  minify: true,
  conditions: ["workerd", "worker", "browser"],
  jsx: "automatic",
  jsxImportSource: "hono/jsx",
  external: ["cloudflare:*", "node:*"],
} as const satisfies Esbuild.BuildOptions;

/** What was built, by entry: a process that starts several runtimes builds each of their Workers once. */
const built = new Map<string, Promise<string>>();

/** Bundles a Worker's entry (a path within the project) as wrangler does; gives the module's text. A test may change some of it. */
export function buildWorker(entry: string, plugins: Esbuild.Plugin[] = []): Promise<string> {
  const key = [entry, ...plugins.map(({ name }) => name)].join();
  const text = built.get(key) ?? build(entry, plugins);
  built.set(key, text);
  return text;
}

async function build(entry: string, plugins: Esbuild.Plugin[]): Promise<string> {
  const { outputFiles } = await esbuild.build({ ...AS_WRANGLER, entryPoints: [join(ROOT, entry)], plugins });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`${entry} gave no bundle`);
  return file.text;
}

/** How heavy the product's Worker is: bytes (gzip) of all of it and of what runs at its start, and the files of the latter. */
export interface Weight {
  all: number;
  start: number;
  /** Paths within the project. */
  files: string[];
}

/** Weighs the Worker. What runs at the start is all that the entry reaches by imports that are not `import()`. */
export async function weighWorker(entry = "src/worker.ts"): Promise<Weight> {
  const split = { ...AS_WRANGLER, absWorkingDir: ROOT, outdir: "built", splitting: true, metafile: true } as const;
  const { outputFiles, metafile } = await esbuild.build({ ...split, entryPoints: [entry] });
  const outputs = new Map(Object.entries(metafile.outputs));
  const reached = [...outputs].filter(([, { entryPoint }]) => entryPoint === entry).map(([path]) => path);
  // The list grows while it is walked.
  for (const path of reached)
    for (const { path: next, kind } of outputs.get(path)?.imports ?? [])
      if (kind === "import-statement" && outputs.has(next) && !reached.includes(next)) reached.push(next);
  const paths = new Set(reached.map((path) => resolve(ROOT, path)));
  const texts = outputFiles.filter(({ path }) => paths.has(path)).map(({ contents }) => contents);
  const files = reached.flatMap((path) => Object.entries(outputs.get(path)?.inputs ?? {}));
  return {
    all: gzipSync(await buildWorker(entry)).length,
    start: gzipSync(Buffer.concat(texts)).length,
    files: files.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path),
  };
}
