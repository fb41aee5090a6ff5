import type { Setting } from "../settings/setting.ts";
import { openWriter } from "../writer/open-writer.ts";
import type { ConfigurationOperation, Outcome, WriteResult } from "../writer/operation.ts";
import type { ConsoleContext } from "./console-env.ts";
import { Refused } from "./refused.ts";

type About = Pick<Setting, "id" | "provider">;

/** Has the company's writer perform an operation, and gives its refusal to the caller, who shows it beside the form. */
export async function attempt(
  c: ConsoleContext,
  operation: ConfigurationOperation,
  setting?: About,
): Promise<WriteResult> {
  const result = await openWriter(c.env, c.var.company.id).write(c.var.company.id, {
    operation,
    isInHurry: true,
    cause: {
      requestId: c.var.requestId,
      actor: c.var.session.role === "operator" ? "operator" : "admin",
      settingId: setting?.id ?? null,
      provider: setting?.provider ?? null,
    },
  });
  if (!result.ok && (result.status === 429 || result.status >= 500))
    throw new Refused(result.status, "Rollcall is busy", result.detail, result.retryAfter ?? 5);
  return result;
}

/** Has the company's writer perform an operation that should not be refused; a refusal becomes an error page. */
export async function perform(c: ConsoleContext, operation: ConfigurationOperation, setting?: About): Promise<Outcome> {
  const result = await attempt(c, operation, setting);
  if (result.ok) return result.outcome;
  throw new Refused(result.status, result.status === 404 ? "Nothing here" : "That was refused", result.detail);
}
