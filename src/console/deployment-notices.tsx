import type { Child } from "hono/jsx";
import { countWrongKeys } from "../companies/count-wrong-operator-keys.ts";
import { findRotation, type Rotation } from "../companies/secret-rotation-store.ts";
import { openRegistry } from "../platform/database.ts";
import { keyIdOf } from "../platform/derived-keys.ts";
import type { Env } from "../platform/env.ts";
import { countOf, formatCount, formatExact } from "./views/moments-and-counts.tsx";
import { Notice } from "./views/pills-notices-pager.tsx";

/** What is made with a secret lives no longer than an hour; isolates that do not know the new one live on for a moment (ms). */
const STILL_ABOUT = 2 * 60 * 60_000;
/** So many wrong operator keys in 24 hours are no slips of somebody's hand. */
const MANY_WRONG_KEYS = 20;

/** What whoever runs Rollcall should know, above the operator's list of companies: null when there is nothing. */
export async function deploymentNotices(env: Env, now: number): Promise<Child> {
  const registry = openRegistry(env);
  const rotation = await rotationNotice(env, now);
  const wrong = await countWrongKeys(registry, now);
  if (rotation === null && wrong < MANY_WRONG_KEYS) return null;
  return (
    <div class="stack">
      {rotation}
      {wrong >= MANY_WRONG_KEYS && (
        <Notice tone="warn">
          {`${formatCount(wrong)} wrong operator keys were sent in the last 24 hours. If it is none of your own programs with an old key, somebody is guessing: a long key cannot be guessed, but look where they come from.`}
        </Notice>
      )}
    </div>
  );
}

async function rotationNotice(env: Env, now: number): Promise<Child> {
  const { SESSION_SECRET: present, SESSION_SECRET_PREVIOUS: previous = "" } = env;
  if (previous === "") return null;
  const rotation = await findRotation(openRegistry(env), await keyIdOf(present));
  const mayGo = previous === present || (rotation !== null && rotation.sealedAt !== null && goesAt(rotation) <= now);
  return (
    <Notice tone={mayGo ? undefined : "warn"}>
      {mayGo ? (
        <>
          SESSION_SECRET_PREVIOUS may go: <code>npx wrangler secret delete SESSION_SECRET_PREVIOUS</code>
        </>
      ) : (
        `SESSION_SECRET_PREVIOUS must stay for now: ${reasonToStay(rotation)}`
      )}
      {rotation !== null && rotation.unreadable > 0 && (
        <p>{`${countOf(rotation.unreadable, "webhook secret")} can be read with neither secret: rotate them on the webhooks’ pages.`}</p>
      )}
    </Notice>
  );
}

function reasonToStay(rotation: Rotation | null): string {
  if (rotation === null) return "the schedule has not seen the new SESSION_SECRET yet. It runs every minute.";
  if (rotation.sealedAt === null) return "webhook secrets are being sealed anew with SESSION_SECRET.";
  return `what was made with it is about until ${formatExact(goesAt(rotation))}.`;
}

function goesAt({ since }: Rotation): number {
  return since + STILL_ABOUT;
}
