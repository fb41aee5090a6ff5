import type { Env } from "../platform/env.ts";
import { openPlaced } from "../platform/place-durable-object.ts";
import type { WriteRequest, WriteResult } from "./operation.ts";

/** The writer of one company, as the doors see it. */
interface Writer {
  /** Runs one operation in its place in the company's order; answers only after its commit. */
  write(companyId: string, request: WriteRequest): Promise<WriteResult>;
  /** Has it go on soon with work that earlier commits scheduled. */
  resume(companyId: string): Promise<void>;
}

/** Opens the Durable Object that orders a company's writes. */
export function openWriter(env: Env, companyId: string): Writer {
  return openPlaced(env, env.WRITER, companyId);
}
