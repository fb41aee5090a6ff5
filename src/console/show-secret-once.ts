import { getCookie, setCookie } from "hono/cookie";
import type { ConsoleContext } from "./console-env.ts";
import { isNonce, newNonce, SHOWN_AGAIN } from "./form-nonce.ts";

/** It carries the nonce of the form that made a secret, never the secret: without the deployment's own key it is nothing. */
const COOKIE = "__Host-rollcall_shown";

/** A secret that a form made, to be shown once on the page it leads to. */
interface Shown {
  kind: "token" | "client" | "secret" | "webhook";
  /** The id of the setting or webhook that it is of; of a client's secret, the client's. */
  of: string;
  nonce: string;
}

/** The nonce of a form, or one of its own for a form that brought none. */
export function nonceOf(given: string | undefined): string {
  return isNonce(given) ? given : newNonce();
}

/** Leads from the form that made a secret to the page that shows it, so that Back, Forward and reload send nothing again. */
export function leadToSecret(c: ConsoleContext, url: string, { kind, of, nonce }: Shown): Response {
  setShown(c, `${kind}.${of}.${nonce}`, SHOWN_AGAIN / 1000);
  return c.redirect(url, 303);
}

/** The secret of one of these kinds that this page is to show, or null; asked a second time there is none. */
export function readShownOnce<Kind extends Shown["kind"]>(
  c: ConsoleContext,
  kinds: readonly Kind[],
): (Shown & { kind: Kind }) | null {
  const [name, of = "", nonce] = (getCookie(c, COOKIE) ?? "").split(".");
  const kind = kinds.find((each) => each === name);
  if (kind === undefined || c.req.method !== "GET" || !isNonce(nonce)) return null;
  setShown(c, "", 0);
  return { kind, of, nonce };
}

function setShown(c: ConsoleContext, value: string, maxAge: number): void {
  setCookie(c, COOKIE, value, { path: "/", secure: true, httpOnly: true, sameSite: "Strict", maxAge });
}
