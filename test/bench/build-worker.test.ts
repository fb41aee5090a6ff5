import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ROOT, type Weight, weighWorker } from "./build-worker.ts";

/** What a read takes of the rooms that only writes need: how to reach the objects, and those themselves without what they do. */
const LIGHT_FILES = [
  "src/alerts/alert.ts",
  "src/unit/member-change.ts",
  "src/unit/resource-references.ts",
  "src/webhooks/alert-messages/call-messenger.ts",
  "src/webhooks/alert-messages/messenger-durable-object.ts",
  "src/webhooks/call-courier.ts",
  "src/webhooks/courier-durable-object.ts",
  "src/webhooks/courier-notifier.ts",
  "src/webhooks/courier.ts",
  "src/writer/assert-long-list-of-ids.ts",
  "src/writer/open-writer.ts",
  "src/writer/requested-member-change.ts",
  "src/writer/writer-durable-object.ts",
];

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

  it("runs less than 108 KB, gzipped, before SCIM's first answer to a read, and no line of what writes or of other doors", () => {
    const { bytes } = weight.read;
    const files = [...weight.read.files.keys()];
    expect(files).toContain("src/scim-api/resource-routes.ts");
    const others =
      /^src\/(?:console|management-api|providers|previews|enrolment|grouping|holds|changes|person-data)\/|-input\.ts$|node_modules\/(?:zod|@hono|jose)\//;
    expect(files.filter((file) => others.test(file))).toEqual([]);
    const rooms = ["alerts", "unit", "webhooks", "writer"];
    const light = files.filter((file) => rooms.some((room) => file.startsWith(`src/${room}/`)));
    expect(light.sort()).toEqual(LIGHT_FILES);
    expect(bytes).toBeLessThan(108_000);
  });

  it("runs less than 205 KB before SCIM's first answer to a write, and no line of other doors, deliveries and jobs", () => {
    const { bytes } = weight.write;
    const files = [...weight.write.files.keys()];
    expect(files).toContain("src/writer/user-operations.ts");
    const others =
      /^src\/(?:console|management-api|providers|previews|person-data)\/|\/(?:deliver|sweep|purge)-|-input\.ts$|node_modules\/(?:zod|@hono|jose)\//;
    expect(files.filter((file) => others.test(file))).toEqual([]);
    expect(bytes).toBeLessThan(205_000);
  });

  it("is all of ASCII (in a regular expression write \\u2026): one other sign and the engine keeps two bytes for each", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
    expect(weight.text.match(/.{0,40}[^\x00-\x7f].{0,20}/g) ?? []).toEqual([]);
  });

  it("is less than 490 KB, gzipped, in all", () => {
    expect(weight.all.bytes).toBeLessThan(490_000);
    expect(weight.all.bytes).toBeGreaterThan(weight.write.bytes);
  });
});
