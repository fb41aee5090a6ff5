import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judgeDependencies, lockShape, manifestShape } from "./dependencies.ts";
import { ROOT } from "./wrangler.ts";

const read = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, name), "utf8"));

function judge(manifest: Record<string, unknown>, packages: Record<string, Record<string, unknown>>): string[] {
  return judgeDependencies(manifestShape.parse(manifest), lockShape.parse({ packages: { "": {}, ...packages } }));
}

const SEALED = { version: "1.2.3", integrity: "sha512-x" };

describe("the dependencies", () => {
  it("of this project are pinned, held to a digest, and run no install script that is not allowed", () => {
    const [manifest, lock] = [manifestShape.parse(read("package.json")), lockShape.parse(read("package-lock.json"))];
    expect(Object.keys(lock.packages).length).toBeGreaterThan(50);
    expect(judgeDependencies(manifest, lock)).toEqual([]);
  });

  it.each(["^1.2.3", "~1.2.3", "1.x", "*", "latest", "", ">=1", "1.2", "npm:b@1.2.3", "github:a/b", "file:../b"])(
    "with the version %j are refused, wherever it stands",
    (version) => {
      for (const list of ["dependencies", "devDependencies", "optionalDependencies"])
        expect(judge({ [list]: { a: version } }, { "node_modules/a": SEALED })).toEqual([
          expect.stringContaining("a is pinned to no exact version"),
        ]);
    },
  );

  it("with an install script that is not allowed are refused, however deep", () => {
    const packages = {
      "node_modules/a": SEALED,
      "node_modules/a/node_modules/@b/c": { ...SEALED, hasInstallScript: true },
    };
    const faults = [expect.stringContaining("@b/c has an install script")];
    expect(judge({ dependencies: { a: "1.2.3" } }, packages)).toEqual(faults);
    expect(judge({ dependencies: { a: "1.2.3" }, allowScripts: { "@b/c": false } }, packages)).toEqual(faults);
    expect(judge({ dependencies: { a: "1.2.3" }, allowScripts: { "@b/c": true } }, packages)).toEqual([]);
  });

  it("that the lock has otherwise, or not held to a digest, and permissions that nothing needs, are refused", () => {
    expect(judge({ dependencies: { a: "1.2.4" } }, { "node_modules/a": SEALED })).toHaveLength(1);
    expect(judge({ dependencies: { a: "1.2.3" } }, {})).toHaveLength(1);
    expect(judge({}, { "node_modules/a": { version: "1.2.3" } })).toHaveLength(1);
    expect(judge({ allowScripts: { a: true } }, { "node_modules/a": SEALED })).toHaveLength(1);
  });
});
