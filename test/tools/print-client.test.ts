import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeApi } from "../../src/management-api/open-api/open-api.ts";
import { type ApiDocument, printClient } from "./print-client.ts";

const root = join(import.meta.dirname, "../..");

describe("the client of the examples", () => {
  it("is what the description of the API makes today: node test/tools/write-client.ts writes it anew", () => {
    const api = JSON.parse(JSON.stringify(describeApi("https://rollcall.invalid"))) as ApiDocument; // made by ourselves
    const written = readFileSync(join(root, ".github/examples/rollcall-client.ts"), "utf8");
    expect(written === printClient(api)).toBe(true);
  });
});
