import * as z from "zod";

const named = z.record(z.string(), z.string()).default({});

/** What is read of package.json. */
export const manifestShape = z.object({
  dependencies: named,
  devDependencies: named,
  optionalDependencies: named,
  /** The packages whose install scripts may run, and nothing but them. */
  allowScripts: z.record(z.string(), z.boolean()).default({}),
});

/** What is read of package-lock.json (version 3): every package that is installed, by its folder. */
export const lockShape = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      link: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});

/** A version and nothing else: no range, no tag, no address. */
const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
const FOLDER = "node_modules/";

/**
 * What is wrong with a project's dependencies, a sentence each: a version that is not pinned, a package that the lock does
 * not hold to a digest or to that version, an install script that is not allowed.
 */
export function judgeDependencies(
  manifest: z.output<typeof manifestShape>,
  lock: z.output<typeof lockShape>,
): string[] {
  const { dependencies, devDependencies, optionalDependencies, allowScripts } = manifest;
  const pins = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const loose = pins.filter(([, version]) => !EXACT.test(version));
  const drifted = pins.filter(
    ([name, version]) => EXACT.test(version) && lock.packages[FOLDER + name]?.version !== version,
  );
  const installed = Object.entries(lock.packages).filter(([folder]) => folder !== "");
  const unsealed = installed.filter(([, { version, integrity }]) => version === undefined || integrity === undefined);
  const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([folder]) => nameOf(folder));
  const idle = Object.keys(allowScripts).filter((name) => !scripted.includes(name));
  return [
    ...loose.map(([name, version]) => `${name} is pinned to no exact version: "${version}"`),
    ...drifted.map(([name, version]) => `${name} is ${version} in package.json and another in package-lock.json`),
    ...unsealed.map(([folder]) => `${folder} is in package-lock.json without a version or a digest`),
    ...scripted
      .filter((name) => allowScripts[name] !== true)
      .map((name) => `${name} has an install script that is not in allowScripts`),
    ...idle.map((name) => `${name} is in allowScripts and has no install script`),
  ];
}

/** `node_modules/a/node_modules/@b/c` is the package `@b/c`. */
function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf(FOLDER) + FOLDER.length);
}
