import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildWorker, ROOT } from "../bench/build-worker.ts";

/**
 * `node test/upgrade/freeze-release.ts <git ref> <version>`: builds the Worker of a release as it was and keeps it, packed, with
 * the names of its migrations, so that upgrades from it are tested wherever the repository's history is not.
 */
const [ref, version] = process.argv.slice(2);
if (ref === undefined || version === undefined) throw new Error("name a git ref and a version");
// Inside the project, whose packages the old source imports.
const folder = join(ROOT, ".wrangler", "frozen");
mkdirSync(folder, { recursive: true });
try {
  const archive = execFileSync("git", ["archive", ref, "src", "migrations"], { cwd: ROOT, maxBuffer: 2 ** 28 });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  const script = await buildWorker(".wrangler/frozen/src/worker.ts");
  const migrations = readdirSync(join(folder, "migrations")).filter((name) => name.endsWith(".sql"));
  const head = `// Rollcall ${version}; migrations: ${migrations.sort().join(" ")}\n`;
  writeFileSync(join(ROOT, `test/upgrade/releases/${version}.js.gz`), gzipSync(head + script, { level: 9 }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
