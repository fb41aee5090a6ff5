import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { buildWorker, ROOT, type Weight, weighWorker } from "./build-worker.ts";

let weight: Weight;
beforeAll(async () => {
  weight = await weighWorker();
});

describe("the Worker that is uploaded", () => {
  it("is minified by wrangler as by the bench", () => {
    const config = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
    expect(config).toMatch(/^minify = true$/m);
    expect(config).toMatch(/^keep_names = false$/m);
  });

  it("runs less than 250 KB, gzipped, before SCIM's first answer, and no line of pages, guides, shapes or zod", () => {
    expect(weight.files).toContain("src/scim-api/resource-routes.ts");
    const others =
      /^src\/(?:console|management-api|providers|consequences)\/|-input\.ts$|node_modules\/(?:zod|@hono)\//;
    expect(weight.files.filter((file) => others.test(file))).toEqual([]);
    expect(weight.start).toBeLessThan(250_000);
  });

  it("is all of ASCII (in a regular expression write \\u2026): one other sign and the engine keeps two bytes for each", async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
    expect((await buildWorker("src/worker.ts")).match(/.{0,40}[^\x00-\x7f].{0,20}/g) ?? []).toEqual([]);
  });

  it("is less than 500 KB, gzipped, in all", () => {
    expect(weight.all).toBeLessThan(500_000);
    expect(weight.all).toBeGreaterThan(weight.start);
  });
});
