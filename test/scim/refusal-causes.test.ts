import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorBody } from "../../src/scim/error-response.ts";
import { REFUSALS, type RefusalCode } from "../../src/scim/refusal-causes.ts";
import { refusal, ScimError } from "../../src/scim/scim-error.ts";

const root = join(import.meta.dirname, "../../src");
const LIST = "scim/refusal-causes.ts";
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /\.tsx?$/.test(file) && file !== LIST)
  .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));

// The keys of REFUSALS are the codes.
const codes = Object.keys(REFUSALS) as RefusalCode[];

/** What gives a refusal its code, where that stands there as it is; elsewhere its type is RefusalCode. */
const GIVERS = /\b(?:new ScimError|new Problem|refusal)\(\s*"(\w+)"/g;

/** Texts for people, by the names that they have in the source, read as if they were data. */
const TEXT = String.raw`\b(?:detail|failure|advice|title|refusal)\b(?:\.detail\b)?`;
const READING = String.raw`\.(?:startsWith|endsWith|includes|indexOf|search|match|matchAll|localeCompare)\(`;
const READS_TEXT = [
  new RegExp(String.raw`${TEXT}(?:\s*\?\?\s*"")?\)?\??${READING}`),
  new RegExp(String.raw`\.(?:test|exec)\([^)]*${TEXT}`),
  new RegExp(String.raw`${TEXT}\s*[!=]==?\s*["'${"`"}]`),
  new RegExp(String.raw`switch \([^)]*${TEXT}\)`),
];

function readsText(text: string): boolean {
  return READS_TEXT.some((form) => form.test(text));
}

describe("the list of refusals", () => {
  it("has no code that nothing gives", () => {
    // The log's explanations decide by codes and give none.
    const all = sources.filter(({ file }) => file !== "log/explain-request.ts").map(({ text }) => text);
    expect(codes.filter((code) => !all.some((text) => text.includes(`"${code}"`)))).toEqual([]);
  });

  it("has every code that a refusal is given", () => {
    const given = sources.flatMap(({ text }) => [...text.matchAll(GIVERS)].map(([, code = ""]) => code));
    expect(given.length).toBeGreaterThan(100);
    expect(given.filter((code) => !Object.hasOwn(REFUSALS, code))).toEqual([]);
  });

  it("is the one place where a refusal gets its status: none stands beside a code or a sentence", () => {
    const loose = /\bstatus: [45]\d\d\b|new (?:ScimError|Problem|RefusedWrite)\(\s*\d/;
    expect(sources.filter(({ text }) => loose.test(text)).map(({ file }) => file)).toEqual([]);
  });

  it("gives keywords only where RFC 7644 section 3.12 has them: with 400, and uniqueness with 409", () => {
    for (const code of codes) {
      const { status, scimType } = refusal(code, "x");
      expect(status, code).toBeGreaterThanOrEqual(400);
      if (scimType !== undefined) expect(status, code).toBe(scimType === "uniqueness" ? 409 : 400);
    }
  });

  it("is written in words that a client can keep in code", () => {
    expect(codes.filter((code) => !/^[a-z]+(?:_[a-z]+)*$/.test(code))).toEqual([]);
  });
});

describe("what decides by a refusal", () => {
  it("never reads its sentence", () => {
    expect(sources.filter(({ text }) => readsText(text)).map(({ file }) => file)).toEqual([]);
  });

  it("would be found reading it, in the forms that this took", () => {
    const forms = [
      `if (status === 403 && /\\bis paused\\b/.test(detail ?? ""))`,
      `if (error instanceof ScimError && !error.detail.startsWith("Operation "))`,
      `const hasMissed = /no longer kept/.test(failure);`,
      `const reason = REASONS.find(({ when }) => when.test(failure));`,
      `if ((result.detail ?? "").includes("busy"))`,
      `if (problem.detail === "This change is no longer kept.")`,
      "switch (error.detail) {",
    ];
    for (const form of forms) expect(readsText(form), form).toBe(true);
    for (const fine of [`entry.detail !== null`, `detail: error.detail,`, `detail?.replace(/"x"/g, "")`])
      expect(readsText(fine), fine).toBe(false);
  });
});

describe("a refusal", () => {
  it("has the status and keyword of its code, as an error and as plain data", () => {
    for (const code of codes) {
      const { status, scimType } = refusal(code, "x");
      expect(new ScimError(code, "x")).toMatchObject({ code, status, detail: "x" });
      expect(new ScimError(code, "x").scimType).toBe(scimType);
    }
  });

  it("shows no code in the body that SCIM has a shape for", () => {
    expect(errorBody(new ScimError("setting_paused", "x"))).not.toHaveProperty("code");
  });

  it("keeps its code when it is told with its place", () => {
    const told = new ScimError("read_only", "id is read-only.").at("Operations[1]");
    expect(told).toMatchObject({ code: "read_only", status: 400, detail: "Operations[1]: id is read-only." });
  });
});
