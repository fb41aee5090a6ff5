import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import { readBodyStart } from "../platform/read-body-start.ts";
import { describeError } from "../platform/transient-fault.ts";
import { isKeyAddress } from "./trusted-issuer.ts";

/** After this long (ms) keys are fetched anew. */
const FRESH = 3_600_000;
/** So long (ms) keys are used while their host does not answer. */
const STALE = 24 * FRESH;
/** A host is asked at most once in this time (ms), whatever is sent. */
export const ASK_AGAIN = 30_000;
/** A host has so long (ms) to answer. */
const PATIENCE = 5_000;
/** A set of keys is at most so large (bytes): Entra's has some twenty thousand. */
export const LARGEST_KEY_SET = 262_144;
/** Keys of so many issuers are kept by an isolate. */
const MOST_ISSUERS = 100;

/** The network, the store and the timer that keys are fetched with; a test has its own. */
export interface KeySource {
  fetch(url: string, init: RequestInit): Promise<Response>;
  kv: Pick<KVNamespace, "get" | "put">;
  /** A signal that ends a fetch after some time (ms). */
  timeout(milliseconds: number): AbortSignal;
  /** Keeps the Worker at a work that other requests wait for, even when the client of this one goes away. */
  keep(work: Promise<unknown>): void;
}

interface KeptKeys {
  set: JSONWebKeySet;
  fetchedAt: number;
}

interface Issuer {
  kept: KeptKeys | null;
  askedAt: number;
  /** The fetch under way, which all who need it wait for. */
  underWay: Promise<KeptKeys | null> | null;
}

/** The keys of issuers, kept and renewed. One host that is slow or away costs its own customers only. */
export class IssuerKeys {
  readonly #issuers = new Map<string, Issuer>();

  /**
   * The keys of an address with a key of that `kid`, as far as they can be had at `now` (ms); null when there are none. An
   * address off the list is never asked, whatever a row says.
   */
  async find(
    source: KeySource,
    { jwksUrl, isLoopbackAllowed }: { jwksUrl: string; isLoopbackAllowed: boolean },
    kid: string,
    now: number,
  ): Promise<JWTVerifyGetKey | null> {
    if (!isKeyAddress(jwksUrl, isLoopbackAllowed)) return null;
    const issuer = this.#issuerOf(jwksUrl);
    if (issuer.kept === null) {
      const stored = await readKept(source, jwksUrl, now);
      issuer.kept ??= stored;
    }
    const { kept } = issuer;
    const isEnough = kept !== null && now - kept.fetchedAt < FRESH && kept.set.keys.some((key) => key.kid === kid);
    if (!isEnough) await this.#renew(source, jwksUrl, issuer, now);
    if (issuer.kept === null || now - issuer.kept.fetchedAt >= STALE) return null;
    return createLocalJWKSet(issuer.kept.set);
  }

  #issuerOf(jwksUrl: string): Issuer {
    const known = this.#issuers.get(jwksUrl);
    if (known !== undefined) return known;
    if (this.#issuers.size >= MOST_ISSUERS) this.#issuers.clear();
    const issuer: Issuer = { kept: null, askedAt: Number.NEGATIVE_INFINITY, underWay: null };
    this.#issuers.set(jwksUrl, issuer);
    return issuer;
  }

  async #renew(source: KeySource, jwksUrl: string, issuer: Issuer, now: number): Promise<void> {
    if (now - issuer.askedAt >= ASK_AGAIN) {
      issuer.askedAt = now;
      issuer.underWay = fetchKeys(source, jwksUrl, now);
      source.keep(issuer.underWay);
    }
    const signal = source.timeout(PATIENCE);
    // The request that fetches may end before its time, and its work with it: nobody counts on it for longer.
    const kept = await Promise.race([issuer.underWay, ended(signal)]);
    if (kept === null || (issuer.kept !== null && issuer.kept.fetchedAt >= kept.fetchedAt)) return;
    issuer.kept = kept;
  }
}

function ended(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener("abort", () => resolve(null), { once: true });
  });
}

/** Fetches keys and keeps them in KV for isolates to come; null, and a line in the Worker's log, when they cannot be had. */
async function fetchKeys(source: KeySource, jwksUrl: string, now: number): Promise<KeptKeys | null> {
  try {
    const signal = source.timeout(PATIENCE);
    const headers = { accept: "application/json" };
    const response = await source.fetch(jwksUrl, { redirect: "manual", signal, headers });
    if (response.status !== 200) throw new Error(`the host answered ${response.status}`);
    const { text, isWhole } = await readBodyStart(response.body, LARGEST_KEY_SET);
    if (!isWhole) throw new Error("the set of keys is too large");
    const kept = { set: readSet(text), fetchedAt: now };
    const expirationTtl = STALE / 1000;
    await source.kv.put(kvKey(jwksUrl), JSON.stringify(kept), { expirationTtl }).catch(() => {});
    return kept;
  } catch (error) {
    const message = "the keys of an issuer could not be fetched";
    console.error(JSON.stringify({ level: "error", room: "settings", message, jwksUrl, error: describeError(error) }));
    return null;
  }
}

async function readKept(source: KeySource, jwksUrl: string, now: number): Promise<KeptKeys | null> {
  try {
    // Only `fetchKeys` writes there.
    const kept = await source.kv.get<KeptKeys>(kvKey(jwksUrl), { type: "json" });
    return kept !== null && kept.fetchedAt <= now ? { ...kept, set: onlyRsa(kept.set.keys) } : null;
  } catch {
    return null;
  }
}

function kvKey(jwksUrl: string): string {
  return `jwks:${jwksUrl}`;
}

function readSet(text: string): JSONWebKeySet {
  const parsed: unknown = JSON.parse(text);
  const keys = typeof parsed === "object" && parsed !== null && "keys" in parsed ? parsed.keys : null;
  if (!Array.isArray(keys)) throw new Error("the host sent no set of keys");
  return onlyRsa(keys);
}

/** RS256 is the one algorithm, so that nothing but a public RSA key is ever tried. */
function onlyRsa(keys: readonly unknown[]): JSONWebKeySet {
  const isRsa = (key: unknown): key is JSONWebKeySet["keys"][number] =>
    typeof key === "object" && key !== null && "kty" in key && key.kty === "RSA" && "kid" in key;
  return { keys: keys.filter(isRsa) };
}
