import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ensureLocalSecrets } from "./local-secrets.ts";

const fileOf = () => join(mkdtempSync(join(tmpdir(), "rollcall-secrets-")), ".dev.vars");

it("a new .dev.vars has two different random secrets of 32 bytes, and is read again as it is", () => {
  const file = fileOf();
  const made = ensureLocalSecrets(file);
  for (const name of ["OPERATOR_KEY", "SESSION_SECRET"])
    expect(Buffer.from(made[name] ?? "", "base64url"), name).toHaveLength(32);
  expect(made.OPERATOR_KEY).not.toBe(made.SESSION_SECRET);
  expect(ensureLocalSecrets(file)).toEqual(made);
});

it("a .dev.vars with a short or missing secret is left alone, and said to be one", () => {
  const file = fileOf();
  const text = `OPERATOR_KEY="dev"\nSESSION_SECRET="${"x".repeat(32)}"\n`;
  writeFileSync(file, text);
  expect(() => ensureLocalSecrets(file)).toThrow(/OPERATOR_KEY must have at least 32 bytes/);
  expect(readFileSync(file, "utf8")).toBe(text);
});
