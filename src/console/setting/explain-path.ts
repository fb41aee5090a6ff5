import { SCIM_PATHS } from "../../providers/scim-paths.ts";
import type { Field } from "../../settings/fields.ts";
import { judgeSetting } from "../../settings/judge-mappings-and-grouping.ts";
import { curly } from "../views/curly-quotes.ts";

const SAMPLES = new Map<string, string>([
  ...Object.values(SCIM_PATHS).map(({ path, sample }): [string, string] => [path.toLowerCase(), sample]),
  ["emails", SCIM_PATHS.workEmail.sample],
  ["phonenumbers", SCIM_PATHS.mobile.sample],
]);

const PROBE: Field = { key: "probe", label: "", type: "text", standard: false, path: null };

/** What a path will read, in words: an example value where one is known; or why it cannot be a path. */
export function explainPath(path: string): { ok: boolean; message: string } {
  const text = path.trim();
  if (text === "") return { ok: true, message: "" };
  const fieldMappings = [{ field: PROBE.key, path: text }];
  const [problem] = judgeSetting({ fieldMappings, groupSettings: { criteria: "none" } }, [PROBE]);
  if (problem !== undefined) return { ok: false, message: curly(problem.detail) };
  const sample = SAMPLES.get(text.toLowerCase());
  if (sample !== undefined) return { ok: true, message: `Example: ${sample}` };
  return {
    ok: true,
    message: text.toLowerCase().startsWith("urn:") ? "Taken as the provider sends it." : "A SCIM attribute.",
  };
}
