/** The pages that a sign-in may lead to: those behind it, and none that signs somebody in or out. */
const BEHIND_SIGN_IN = /^\/console(\/?|\/sessions|\/companies\/.+)$/;

/** Whether a redirect after a sign-in may follow a text: as a URL parser reads it, dots and all. */
export function isConsolePath(text: string): boolean {
  // What is not printable ASCII is taken out or turned into something else on the way, by the header or the browser.
  if (!/^\/console([/?][!-[\]-~]*)?$/.test(text) || text.includes("//")) return false;
  const { origin, pathname } = new URL(text, "https://console.invalid");
  return origin === "https://console.invalid" && BEHIND_SIGN_IN.test(pathname);
}
