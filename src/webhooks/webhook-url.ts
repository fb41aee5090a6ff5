import { isLoopbackHost } from "../platform/loopback.ts";
import { withoutTrailing } from "../platform/strip-trailing.ts";
import { isPublicAddress, parseIpv4, parseIpv6 } from "./public-address.ts";

/** Endings of names that mean something only inside somebody's network (RFC 6761, RFC 6762, RFC 8375, common use). */
const INNER_NAMES = [
  "localhost",
  "localdomain",
  "local",
  "internal",
  "intranet",
  "private",
  "svc",
  "corp",
  "home",
  "lan",
  "arpa",
  "test",
  "invalid",
  "onion",
];

/**
 * Why a webhook may not be sent to a URL, or null when it may. A name that resolves to a private address is not seen: a
 * Worker cannot resolve names before it fetches; Cloudflare's network has no route to private addresses either.
 */
export function judgeWebhookUrl(text: string, allowsLoopback: boolean): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) return "Give an absolute URL.";
  if (text.length > 2000) return "Give a URL of at most 2000 characters.";
  if (url.username !== "" || url.password !== "") return "Leave user name and password out: deliveries are signed.";
  if (url.hash !== "") return "Leave the fragment out.";
  if (allowsLoopback && isLoopbackHost(url.hostname))
    return url.protocol === "http:" || url.protocol === "https:" ? null : "Give an http or https URL.";
  if (url.protocol !== "https:") return "Give an https URL.";
  return isPublicHost(url.hostname) ? null : "This address is not on the public Internet.";
}

/** Where a webhook is sent. */
export interface WebhookAddress {
  url: string;
  allowsLoopback: boolean;
}

/**
 * The address that a URL gives, or why it is none. `ownUrl` is how this Worker was reached: one that is reached on
 * loopback is a developer's, and there, and only there, receivers may be on loopback too.
 */
export function readWebhookAddress(
  text: string,
  ownUrl: string,
): { address: WebhookAddress; refusal: null } | { address: null; refusal: string } {
  const allowsLoopback = isLoopbackHost(new URL(ownUrl).hostname);
  const refusal = judgeWebhookUrl(text, allowsLoopback);
  return refusal === null
    ? { address: { url: new URL(text).href, allowsLoopback }, refusal }
    : { address: null, refusal };
}

function isPublicHost(hostname: string): boolean {
  const address = addressOf(hostname);
  if (address !== null) return isPublicAddress(address);
  const name = nameOf(hostname);
  if (name.split(".").includes("")) return false;
  return name.includes(".") && !INNER_NAMES.some((inner) => name === inner || name.endsWith(`.${inner}`));
}

/** The URL parser has already read hexadecimal, octal, short and single-number IPv4, full-width digits and escapes. */
function addressOf(hostname: string): number[] | null {
  if (hostname.startsWith("[")) return parseIpv6(hostname.slice(1, -1));
  return parseIpv4(nameOf(hostname));
}

/** A name without the dot of the root. */
function nameOf(hostname: string): string {
  return withoutTrailing(hostname.toLowerCase(), ".");
}
