import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { managementApi } from "../../src/management-api/management-api.ts";
import type { Env } from "../../src/platform/env.ts";
import type { ConfigurationOperation, WriteRequest, WriteResult } from "../../src/writer/operation.ts";

export const OPERATOR_KEY = "operator-key-of-the-tests-0123456789";

/** What a test's own writer does with an operation. */
type FakeWrite = (operation: ConfigurationOperation, request: WriteRequest) => WriteResult | Promise<WriteResult>;

/** The management API alone, with a writer of the test's own in place of the Durable Object. */
export function apiWith(write: FakeWrite, overrides: Partial<Env> = {}) {
  const app = new Hono().route("/api/v1", managementApi());
  const writer = {
    idFromName: (name: string) => name,
    get: () => ({
      // The management API hands over configuration operations only.
      write: async (_companyId: string, request: WriteRequest) =>
        write(request.operation as ConfigurationOperation, request),
    }),
  };
  // The namespace is a stand-in with the two methods that openWriter calls.
  const bindings = { ...env, WRITER: writer as unknown as Env["WRITER"], ...overrides };
  return async <Answer = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await app.request(
      `http://rollcall.test/api/v1${path}`,
      {
        method,
        headers: {
          Authorization: `Bearer ${OPERATOR_KEY}`,
          ...(body !== undefined && { "Content-Type": "application/json" }),
          ...headers,
        },
        body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
      },
      bindings,
      createExecutionContext(),
    );
    const text = await response.text();
    // Tests read members of answers freely; a wrong shape fails their expectations.
    const json = (text === "" ? null : JSON.parse(text)) as Answer;
    return { status: response.status, headers: response.headers, json };
  };
}
