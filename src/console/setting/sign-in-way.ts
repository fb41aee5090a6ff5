import { type Guide, SIGN_INS, type SignInWay } from "../../providers/guide.ts";

/** What each way of signing in is called, and what is to be said of it. */
export const WAY_WORDS: Record<SignInWay, { title: string; inWords: string; hint: string }> = {
  federation: {
    title: "Workload identity federation",
    inWords: "workload identity federation",
    hint: "No secret at all: the provider proves who it is with what its own issuer signs. Nothing to renew, nothing to leak.",
  },
  client: {
    title: "OAuth client credentials",
    inWords: "OAuth client credentials",
    hint: "A client id and a secret, for which the provider gets an access token each hour. The secret ends in two years.",
  },
  token: {
    title: "Secret token",
    inWords: "a secret token",
    hint: "One long-lived token in the Authorization header, until it is revoked.",
  },
};

/** Which credentials of a setting live. */
interface LiveCredentials {
  token: boolean;
  client: boolean;
  federation: boolean;
}

/** A way of signing in by its name, among those that a provider knows; null for any other text. */
export function readWay(text: string | undefined, guide: Guide): SignInWay | null {
  return guide.signIn.find((way) => way === text) ?? null;
}

/** The way that a setting's guide is shown for: the one asked for, else one that it has a credential of, else the recommended. */
export function wayOf(guide: Guide, asked: string | undefined, live: LiveCredentials): SignInWay {
  const inUse = [...SIGN_INS].reverse().find((way) => live[way] && guide.signIn.includes(way));
  return readWay(asked, guide) ?? inUse ?? guide.signIn[0];
}
