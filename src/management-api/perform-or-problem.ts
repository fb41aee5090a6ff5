import type { Context } from "hono";
import type { Setting } from "../settings/setting.ts";
import { openWriter } from "../writer/open-writer.ts";
import type { ConfigurationOperation, Outcome } from "../writer/operation.ts";
import type { ApiEnv } from "./api-env.ts";
import { Problem } from "./problem.ts";

/** Has the company's writer perform an operation, but for a repeated request; throws the Problem of a refusal. */
export async function perform(
  c: Context<ApiEnv>,
  operation: ConfigurationOperation,
  setting?: Pick<Setting, "id" | "provider">,
): Promise<Outcome> {
  const { once, replay } = c.var;
  if (replay !== null) return { kind: "done", id: replay.made.id };
  const result = await openWriter(c.env, c.var.company.id).write(c.var.company.id, {
    operation,
    cause: {
      requestId: c.var.requestId,
      actor: "operator",
      settingId: setting?.id ?? null,
      provider: setting?.provider ?? null,
    },
    ...(once !== null && { once }),
  });
  if (result.ok) {
    c.set("once", null);
    return result.outcome;
  }
  const headers: Record<string, string> =
    result.retryAfter === undefined ? {} : { "Retry-After": String(result.retryAfter) };
  throw new Problem(result.code, result.detail, { headers });
}

/** The id of what a configuration operation made. */
export function requireMadeId(outcome: Outcome): string {
  if (outcome.kind === "done" && outcome.id !== undefined) return outcome.id;
  throw new Error("the writer did not say what it made");
}

/** The row key of what a configuration operation made. */
export function requireMadeKey(outcome: Outcome): number {
  if (outcome.kind === "done" && outcome.key !== undefined) return outcome.key;
  throw new Error("the writer did not say what it made");
}
