import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { isStrongSecret, LEAST_SECRET_BYTES } from "../../src/platform/secret-strength.ts";

/**
 * Makes a `.dev.vars` with random secrets of 32 bytes when there is none; gives its values. An existing file is never
 * changed: an Error says so when it has a secret that Rollcall would refuse.
 */
export function ensureLocalSecrets(file: string): Record<string, string> {
  if (!existsSync(file)) {
    const secret = () => randomBytes(32).toString("base64url");
    writeFileSync(file, `OPERATOR_KEY="${secret()}"\nSESSION_SECRET="${secret()}"\n`, { mode: 0o600 });
  }
  const values: Record<string, string> = {};
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const match = /^\s*([A-Z_]+)\s*=\s*"?([^"]*)"?\s*$/.exec(line);
    if (match?.[1] !== undefined) values[match[1]] = match[2] ?? "";
  }
  const weak = ["OPERATOR_KEY", "SESSION_SECRET"].filter((name) => !isStrongSecret(values[name]));
  if (weak.length > 0)
    throw new Error(
      `${file}: ${weak.join(" and ")} must have at least ${LEAST_SECRET_BYTES} bytes. Set a longer one, or delete the file: it is then made anew.`,
    );
  return values;
}
