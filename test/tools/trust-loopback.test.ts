import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { trustLoopback } from "./trust-loopback.ts";

const KEPT = process.listeners("warning");
beforeEach(() => vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", undefined));
afterEach(() => {
  vi.unstubAllEnvs();
  for (const listener of KEPT) if (!process.listeners("warning").includes(listener)) process.on("warning", listener);
});

it.each([
  ["https://localhost:8787/scim/v2", "0"],
  ["https://127.0.0.1:8787", "0"],
  ["http://localhost:8787", undefined],
  ["https://rollcall.example/scim/v2", undefined],
  ["https://localhost.example", undefined],
])("of %s the certificate is taken as %s says", (address, wanted) => {
  trustLoopback(address);
  expect(process.env.NODE_TLS_REJECT_UNAUTHORIZED).toBe(wanted);
});
