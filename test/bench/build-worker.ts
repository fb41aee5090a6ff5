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

/** Modules that run together: how heavy they are (bytes, gzip), and their files (paths within the project) with their bytes, minified. */
interface Load {
  bytes: number;
  files: Map<string, number>;
}

/** How heavy the product's Worker is: all of it in one module, as it is uploaded, and what runs of it before SCIM's first answers. */
export interface Weight {
  all: Load;
  /** The text of that module. */
  text: string;
  /** What every process runs at its start, and all that the answer to a read takes. */
  read: Load;
  /** The same with what a company's writer takes. */
  write: Load;
}

const ENTRY = "src/worker.ts";
/** Where all that a company's writer needs for what SCIM asks is reached from. */
const WRITER = "src/writer/company-writer.ts";

/** Weighs the Worker. What runs together with a module is all that it reaches by imports that are not `import()`. */
export async function weighWorker(): Promise<Weight> {
  const options = {
    ...AS_WRANGLER,
    absWorkingDir: ROOT,
    outdir: "built",
    metafile: true,
    entryPoints: [ENTRY],
  } satisfies Esbuild.BuildOptions;
  const whole = await esbuild.build(options);
  const split = await esbuild.build({ ...options, splitting: true });
  return {
    all: load(whole),
    text: whole.outputFiles[0]?.text ?? "",
    read: load(split, [ENTRY]),
    write: load(split, [ENTRY, WRITER]),
  };
}

type Built = Esbuild.BuildResult<{ metafile: true; write: false }>;

/** What was built, or of it only what runs together with some modules that stand at the start of a file. */
function load({ outputFiles, metafile }: Built, entries?: readonly string[]): Load {
  const outputs = new Map(Object.entries(metafile.outputs));
  const isRoot = (entry: string | undefined) =>
    entries === undefined || (entry !== undefined && entries.includes(entry));
  const reached = [...outputs].filter(([, { entryPoint }]) => isRoot(entryPoint)).map(([path]) => path);
  if (reached.length < (entries?.length ?? 1)) throw new Error(`${entries?.join()} stand in no files of their own`);
  // The list grows while it is walked.
  for (const path of reached)
    for (const { path: next, kind } of outputs.get(path)?.imports ?? [])
      if (kind === "import-statement" && outputs.has(next) && !reached.includes(next)) reached.push(next);
  const paths = new Set(reached.map((path) => resolve(ROOT, path)));
  const texts = outputFiles.filter(({ path }) => paths.has(path)).map(({ contents }) => contents);
  const inputs = reached.flatMap((path) => Object.entries(outputs.get(path)?.inputs ?? {}));
  return {
    bytes: gzipSync(Buffer.concat(texts)).length,
    files: new Map(inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [[path, bytesInOutput]] : []))),
  };
}
