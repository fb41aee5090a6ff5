import { expect } from "vitest";
import type { Json, JsonObject } from "../../src/scim/json.ts";
import {
  type Answer,
  type Connection,
  callApi,
  callScim,
  connect,
  type HeaderChanges,
  isScimError,
  pick,
  type SettingPlan,
} from "./world.ts";

/** What an answer must be; `{{name}}` stands for a captured value. */
interface Expectation {
  status: number | number[];
  headers?: Record<string, string>;
  /** Must be part of the body; arrays must have this length. */
  body?: JsonObject;
  /** Dotted paths that the body must not have. */
  absent?: string[];
  /** Lengths of arrays by dotted path. */
  count?: Record<string, number>;
}

/** One request of an identity provider, or of the platform when `api` is true, and the answer due. */
export interface Step {
  method: string;
  /** As on the wire, below the tenant URL; with `api`, below the company. */
  path: string;
  headers?: HeaderChanges;
  body?: Json;
  api?: boolean;
  /** Which of the exchange's settings sends it. */
  as?: string;
  expect: Expectation;
  /** Names for values of the answer, by dotted path. */
  capture?: Record<string, string>;
}

/** An exchange: a company and setting of its own (or several, by name), then requests in order. */
export interface Exchange {
  title: string;
  /** Why the row is decided otherwise, or between the ways it leaves open. */
  decision?: string;
  /** Where its shape comes from, where it is not that of a recorded body. */
  basis?: string;
  /** No request of this client was seen: its shape follows from documents. */
  inferred?: boolean;
  setting?: SettingPlan;
  settings?: Record<string, SettingPlan>;
  steps: Step[];
}

type Captured = Record<string, string>;

/** Replays an exchange against the real Worker and judges every answer. */
export async function replay(exchange: Exchange): Promise<void> {
  const plans = exchange.settings ?? { main: exchange.setting ?? {} };
  const connections: Record<string, Connection> = {};
  for (const [name, plan] of Object.entries(plans)) connections[name] = await connect(plan);
  const captured: Captured = { never: "0193b2a0-0000-7000-8000-000000000000" };
  for (const [index, step] of exchange.steps.entries()) {
    const connection = connections[step.as ?? Object.keys(plans)[0] ?? ""];
    if (connection === undefined) throw new Error(`no setting ${step.as}`);
    captured.setting = connection.settingId;
    const answer = await send(connection, step, captured);
    judge(answer, step, captured, `step ${index + 1}: ${step.method} ${step.path} -> ${answer.status} ${answer.text}`);
    for (const [name, path] of Object.entries(step.capture ?? {})) captured[name] = String(pick(answer.body, path));
  }
}

function send(connection: Connection, step: Step, captured: Captured): Promise<Answer> {
  const path = fill(step.path, captured);
  const body = step.body === undefined ? undefined : fillJson(step.body, captured);
  if (step.api === true) return callApi(step.method, `/companies/${connection.companyId}${path}`, body);
  return callScim(connection, step.method, path, body, step.headers);
}

function judge(answer: Answer, step: Step, captured: Captured, message: string): void {
  const { status, headers = {}, body, absent = [], count = {} } = step.expect;
  expect([status].flat(), message).toContain(answer.status);
  for (const [name, value] of Object.entries(headers)) expect(answer.headers.get(name), message).toContain(value);
  if (body !== undefined) expect(answer.body, message).toMatchObject(Object(fillJson(body, captured)));
  for (const path of absent) expect(pick(answer.body, path), `${path} in ${message}`).toBeUndefined();
  for (const [path, length] of Object.entries(count)) expect(pick(answer.body, path), message).toHaveLength(length);
  if (step.api === true) return;
  if (answer.status === 204) expect(answer.text, message).toBe("");
  else expect(answer.headers.get("content-type"), message).toMatch(/^application\/scim\+json/);
  if (answer.status >= 400) expect(isScimError(answer), message).toBe(true);
}

function fill(text: string, captured: Captured): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = captured[name];
    if (value === undefined) throw new Error(`nothing was captured as ${name}`);
    return value;
  });
}

function fillJson(value: Json, captured: Captured): Json {
  return JSON.parse(fill(JSON.stringify(value), captured));
}
