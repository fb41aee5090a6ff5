import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { printCurl } from "../../../src/console/log/print-curl.ts";

const ORIGIN = "https://rollcall.example";
const print = (method: string, path: string, requestBody: string | null = null) =>
  printCurl({ method, path, requestBody }, ORIGIN);

/** The words that a shell makes of a command, without running it. */
function wordsOf(command: string): string[] {
  const script = `curl() { printf '%s\\n' "$@"; }\n${command}`;
  const { stdout, stderr, status } = spawnSync("sh", ["-c", script], { encoding: "utf8", env: { TOKEN: "of-mine" } });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout.trimEnd().split("\n");
}

describe("a request as curl", () => {
  it("has a place for the credential, and the body as it was kept", () => {
    const body = '{"schemas":[],"userName":"ada"}';
    expect(print("POST", "/scim/v2/Users", body)).toEqual({
      command: [
        "curl --globoff --request POST 'https://rollcall.example/scim/v2/Users' \\",
        '  --header "Authorization: Bearer $TOKEN" \\',
        "  --header 'Content-Type: application/scim+json' \\",
        `  --data-raw '${body}'`,
      ].join("\n"),
      missing: null,
    });
  });

  it.each([
    '{"title":"It\'s $HOME `id` \\"quoted\\" \\\\ !!"}',
    '{"name":{"familyName":"O\'Brien\'; rm -rf /; \'"}}',
    '{"x":"@/etc/passwd"}',
  ])("is one word of a shell for each part, whatever is in it: %s", (body) => {
    const path = `/scim/v2/Users?filter=userName eq "o'brien$(id)"`;
    const [, , , url, , bearer, , type, , data] = wordsOf(print("PATCH", path, body)?.command ?? "");
    expect([url, bearer, type, data]).toEqual([
      `${ORIGIN}${path}`,
      "Authorization: Bearer of-mine",
      "Content-Type: application/scim+json",
      body,
    ]);
  });

  it("says what of it was not kept", () => {
    expect(print("PATCH", "/scim/v2/Users/[name]", "{}")?.missing).toContain("was masked");
    expect(print("POST", "/scim/v2/Users", '{"userName":"…"}')?.missing).toContain("was masked");
    expect(print("GET", "/scim/v2/Users?[redacted]")?.missing).toContain("was masked");
    // As URLs have it.
    expect(print("GET", "/scim/v2/Users?filter=userName+eq+%22%E2%80%A6%22")?.missing).toContain("was masked");
    expect(print("GET", "/scim/v2/Users?filter=userName+eq+%22%5bname%5D%22")?.missing).toContain("was masked");
    expect(print("POST", "/scim/v2/Users")?.missing).toContain("not kept");
    expect(print("PUT", "/scim/v2/Groups/1", '{"members":[{"value":"0192…')?.missing).toContain("only the beginning");
    expect(print("GET", "/scim/v2/Users?count=1")?.missing).toBeNull();
    expect(print("DELETE", "/scim/v2/Users/1")?.missing).toBeNull();
  });

  it("is none of what is made of secrets, or was no request", () => {
    expect(print("POST", "/scim/oauth/token", "{}")).toBeNull();
    expect(print("POST", "/scim/v2/oauth/token/")).toBeNull();
    expect(print("RENEWAL", "/")).toBeNull();
    expect(print("OTHER", "/scim/v2/Users")).toBeNull();
  });

  it("asks for a head as curl does", () => {
    expect(print("HEAD", "/scim/v2/Users")?.command).toContain("curl --globoff --head ");
  });
});
