import { expect, it } from "vitest";
import { isLoopbackHost } from "../../src/platform/loopback.ts";

it("knows loopback hosts as the URL parser writes them", () => {
  for (const host of [
    "localhost",
    "dev.localhost",
    "LOCALHOST.",
    "127.0.0.1",
    "127.1",
    "0x7f000001",
    "[::1]",
    "[0::1]",
  ])
    expect(isLoopbackHost(new URL(`http://${host}/`).hostname), host).toBe(true);
  for (const host of ["rollcall.example.com", "localhost.example.com", "mylocalhost", "10.0.0.1", "0.0.0.0", "[::2]"])
    expect(isLoopbackHost(new URL(`http://${host}/`).hostname), host).toBe(false);
});
