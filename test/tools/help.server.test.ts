import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { inTurn } from "../generated-cases.ts";
import { ROOT } from "./wrangler.ts";

const manifest = z.object({ scripts: z.record(z.string(), z.string()) });
const { scripts } = manifest.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
const own = Object.entries(scripts).filter(([, command]) => command.startsWith("node test/"));
const run = promisify(execFile);

describe("every command of its own", () => {
  it.each(inTurn(own, 0, 5))(
    "npm run %s tells with --help how it is called, and does nothing",
    async (name, command) => {
      const [, script = ""] = command.split(" ");
      const { stdout, stderr } = await run(process.execPath, [join(ROOT, script), "--help"]);
      expect(stdout).toContain(name === "test" ? "npm test" : `npm run ${name}`);
      expect([stdout.split("\n").length > 3, stderr]).toEqual([true, ""]);
    },
  );

  it.each(
    // What goes on to wrangler is for wrangler to refuse.
    inTurn(own, 1, 5).filter(([name]) => !["dev", "deploy", "demo:receiver"].includes(name)),
  )("npm run %s says shortly what is wrong with an option that it does not know", async (name, command) => {
    const [, script = ""] = command.split(" ");
    const ended = run(process.execPath, [join(ROOT, script), "--no-such-option"]);
    const { code, stderr } = await ended.catch((error) => error);
    expect(code).toBe(2);
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringContaining("--no-such-option"),
      `${name === "test" ? "npm test" : `npm run ${name}`} -- --help tells how it is called.`,
    ]);
  });

  it("are more than a few", () => {
    expect(own.length).toBeGreaterThan(8);
  });
});
