import { expect, it, vi } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import { notifyCourier, wakeCourier } from "../../src/webhooks/call-courier.ts";

function envOf(courier: { notify?: () => Promise<void>; wake?: () => Promise<void> }): Env {
  const names: string[] = [];
  const COURIER = { idFromName: (name: string) => names.push(name), get: () => courier };
  // What calling a courier asks of the bindings.
  return { COURIER } as unknown as Env;
}

it("a courier that cannot be woken fails nobody: what is changed stays changed, and the sweep finds it", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const fails = () => Promise.reject(new Error("Durable Object reset because its code was updated."));
  expect(await wakeCourier(envOf({ wake: fails }), 7)).toBe(false);
  expect(JSON.parse(String(log.mock.lastCall?.[0]))).toMatchObject({ level: "error", room: "webhooks", webhookKey: 7 });
  await expect(notifyCourier(envOf({ notify: fails }), 7)).rejects.toThrow("reset");
  expect(await wakeCourier(envOf({ wake: async () => undefined }), 7)).toBe(true);
  log.mockRestore();
});
