import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
/** Rules of the whole house, which no folder of it holds. */
const OF_THE_HOUSE = ["rooms", "layout", "configuration"];

/** Lines of the longest describe. */
const LONGEST_BLOCK = 140;

const list = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
const SRC = list("src").filter((file) => /\.tsx?$/.test(file));
const TESTS = list("test").filter((file) => /\.test\.ts$/.test(file));
const TOOLS = list("test").filter((file) => /(?<!\.test)\.ts$/.test(file));
const MIGRATIONS = list("migrations");

/** A test by its folder and name, and what it needs to run. */
function partsOf(test: string) {
  const [, folder = "", name = "", needs = ""] = /^((?:.*\/)?)([^/.]+)(?:\.([\w.]+))?\.test\.ts$/.exec(test) ?? [];
  return { folder, name, needs };
}

const bare = (file: string) => file.replace(/\.(?:tsx?|sql)$/, "");

/** The file that a test is named after, from the root on; null when its name is that of a rule. */
function findTested(test: string): string | null {
  const { folder, name } = partsOf(test);
  const of = (where: string, files: readonly string[]) => {
    const file = files.find((each) => bare(each) === `${folder}${name}`);
    return file === undefined ? null : `${where}/${file}`;
  };
  const migration = MIGRATIONS.find((file) => `migrations/${bare(file)}` === `${folder}${name}`);
  return of("src", SRC) ?? of("test", TOOLS) ?? (migration === undefined ? null : `migrations/${migration}`);
}

/** The folders that have tests: those of src, that of the migrations, and those of the tests' own tools. */
const SUBJECTS = new Set([...SRC, ...TOOLS, "migrations/"].map((file) => file.slice(0, file.lastIndexOf("/") + 1)));

/** Why a test does not stand where one would look for it, or null when it does. */
function judge(test: string, source: string): string | null {
  const { folder, name, needs } = partsOf(test);
  if (!["", "worker", "server", "long", "long.worker", "browser"].includes(needs))
    return `${test} needs ${needs}, which nothing gives`;
  if (folder !== "" && folder !== "migrations/" && /\bapplyD1Migrations\([^)]*MIGRATIONS\.\w/.test(source))
    return `${test} applies some migrations: it stands in migrations/, under its name`;
  if (findTested(test) !== null) return null;
  if (folder === "") return OF_THE_HOUSE.includes(name) ? null : `${test} is no rule of the whole house`;
  if (!SUBJECTS.has(folder)) return `${folder} is the folder of nothing that could be tested`;
  const other = SRC.find((file) => posix.basename(bare(file)) === name);
  return other === undefined ? null : `${test} bears the name of src/${other} and stands elsewhere`;
}

/** Whether a test imports a file, itself or through tools of the tests and the other files of that file's folder. */
function reaches(test: string, tested: string): boolean {
  const seen = new Set<string>();
  const waiting = [test];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    if (!file.startsWith("test/") && posix.dirname(file) !== posix.dirname(tested)) continue;
    const specifiers = readFileSync(join(root, file), "utf8").matchAll(/\bfrom "(\.[^"]+\.tsx?)"/g);
    for (const [, specifier = ""] of specifiers) waiting.push(posix.join(posix.dirname(file), specifier));
  }
  return seen.has(tested);
}

/** The blocks of a test file that have more lines than somebody reads at a time, by their first lines. */
function listLongBlocks(source: string): string[] {
  const lines = source.split("\n");
  return lines.filter((line, first) => {
    if (!/^(?:describe|it)\b/.test(line)) return false;
    const length = lines.slice(first).findIndex((each) => /^\S.*\);$/.test(each));
    return length >= LONGEST_BLOCK;
  });
}

describe("the layout of the tests", () => {
  it("has each test bear the name of the file it tests, or stand with the name of a rule in the folder of its subject", () => {
    expect(TESTS.length).toBeGreaterThan(150);
    const verdicts = TESTS.map((test) => judge(test, readFileSync(join(root, "test", test), "utf8")));
    expect(verdicts.filter((verdict) => verdict !== null)).toEqual([]);
  });

  it("has a test that needs Node only, and bears the name of a file, reach that file", () => {
    const named = TESTS.filter((test) => partsOf(test).needs === "").map((test) => [test, findTested(test)] as const);
    const astray = named.filter(([test, tested]) => tested !== null && !reaches(`test/${test}`, tested));
    expect(named.length).toBeGreaterThan(60);
    expect(astray).toEqual([]);
  });

  it.each([
    ["webhooks/opaque-cursor.test.ts", "a file's name in another room"],
    ["console/wizard-state.test.ts", "a file's name above its folder"],
    ["robustness/limits.worker.test.ts", "a folder that nothing is in"],
    ["scim/lists/query.test.ts", "a folder that is not the file's"],
    ["limits.worker.test.ts", "no folder"],
    ["app.network.test.ts", "an unknown need"],
    ["app.long.network.test.ts", "an unknown need of what takes long"],
  ])("refuses %s: %s", (test) => {
    expect(judge(test, "")).not.toBeNull();
  });

  it.each([
    ["console/wizard/wizard-state.test.ts"],
    ["writer/races.worker.test.ts"],
    ["migrations/0014_holders.worker.test.ts"],
    ["simulate/compare-target.test.ts"],
    ["app.worker.test.ts"],
    ["app.long.worker.test.ts"],
    ["safety/limits.worker.test.ts"],
  ])("takes %s", (test) => {
    expect(judge(test, "")).toBeNull();
  });

  it("has what applies some of the migrations stand with them", () => {
    const source = "await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, 9));";
    expect(judge("settings/upgrade.worker.test.ts", source)).not.toBeNull();
    expect(judge("migrations/0014_holders.worker.test.ts", source)).toBeNull();
  });

  it("has no block that is too long to be read at a time", () => {
    const long = TESTS.flatMap((test) => listLongBlocks(readFileSync(join(root, "test", test), "utf8")));
    expect(long).toEqual([]);
    const block = (lines: number) =>
      ['describe("all", () => {', ...Array(lines - 2).fill("  it();"), "});", ""].join("\n");
    expect(listLongBlocks(block(LONGEST_BLOCK))).toEqual([]);
    expect(listLongBlocks(`${block(20)}${block(LONGEST_BLOCK + 1)}`)).toHaveLength(1);
  });

  it("draws how many cases a property has, and by which seed, in one place", () => {
    const sources = TESTS.map((test) => [test, readFileSync(join(root, "test", test), "utf8")] as const);
    const alone = sources.filter(([, source]) => /\bfc\.assert\(/.test(source) && !/generated-cases\.ts"/.test(source));
    expect(alone.map(([test]) => test)).toEqual([]);
  });
});
