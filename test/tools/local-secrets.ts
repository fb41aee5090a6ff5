import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** Makes a `.dev.vars` with random secrets when there is none; gives its values. An existing file is never changed. */
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
  return values;
}
