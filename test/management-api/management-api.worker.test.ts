import { describe, expect, it } from "vitest";
import { refusal } from "../../src/scim/scim-error.ts";
import { apiWith } from "./call-api.ts";
import { fillCompany } from "./fill-company.ts";

const api = apiWith(() => ({ ok: true, outcome: { kind: "done" } }));

describe("the door of the management API", () => {
  it("answers 401 as problem details without a key, with a wrong key and with another scheme", async () => {
    for (const Authorization of ["", "Bearer", "Bearer wrong", "Basic b3BlcmF0b3I6a2V5"]) {
      const answer = await api("GET", "/companies", undefined, { Authorization });
      expect(answer.status, Authorization).toBe(401);
      expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
      expect(answer.headers.get("WWW-Authenticate")).toMatch(/^Bearer /);
      expect(answer.json).toMatchObject({ code: "operator_key_required", title: "Unauthorized", status: 401 });
    }
  });

  it("answers 503 when the Worker has no operator key, whatever key is given", async () => {
    for (const key of ["", undefined]) {
      // A Worker that was never given the secret has no such member at all.
      const bare = apiWith(() => ({ ok: true, outcome: { kind: "done" } }), { OPERATOR_KEY: key as string });
      expect((await bare("GET", "/companies", undefined, { Authorization: "Bearer " })).status).toBe(503);
      expect((await bare("GET", "/companies", undefined, { Authorization: "Bearer undefined" })).status).toBe(503);
    }
  });

  it("describes itself without a key", async () => {
    const answer = await api("GET", "/openapi.json", undefined, { Authorization: "" });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ openapi: "3.1.1", servers: [{ url: "http://rollcall.test/api/v1" }] });
  });

  it("answers 404 for unknown paths and unknown companies", async () => {
    for (const path of ["/nothing", "/companies/x", "/companies/0192f0aa-0000-7000-8000-000000000000/fields"])
      expect(await api("GET", path), path).toMatchObject({ status: 404, json: { title: "Not Found", status: 404 } });
  });

  it("answers 405 with Allow for a method the path does not take", async () => {
    const { company } = await fillCompany();
    const answer = await api("PUT", `/companies/${company.id}`, {});
    expect(answer.status).toBe(405);
    expect(answer.headers.get("Allow")).toBe("GET, PATCH, DELETE, HEAD");
    expect((await api("DELETE", "/companies")).headers.get("Allow")).toBe("GET, POST, HEAD");
  });
});

describe("a body sent to the management API", () => {
  it("answers 415 for a body that is not JSON", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
      expect((await api("POST", "/companies", "{}", { "Content-Type": type })).status, type).toBe(415);
  });

  it("takes application/json with a charset and other +json types", async () => {
    for (const type of ["application/json; charset=utf-8", "application/vnd.api+json", "APPLICATION/JSON"])
      expect((await api("POST", "/companies", { name: "Contoso" }, { "Content-Type": type })).status, type).toBe(201);
  });

  it("answers 413 for a body over 1 MB, before it is read as JSON", async () => {
    expect((await api("POST", "/companies", { name: "x".repeat(1_100_000) })).status).toBe(413);
  });

  it("answers 400 for malformed JSON, and says so", async () => {
    const answer = await api("POST", "/companies", "{");
    expect(answer).toMatchObject({ status: 400, json: { detail: expect.stringContaining("Malformed JSON") } });
  });

  it("points at each wrong member by JSON pointer", async () => {
    const answer = await api("POST", "/companies", { name: "  ", size: 3 });
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toEqual(
      expect.arrayContaining([{ pointer: "/size", detail: "There is no such member." }]),
    );
    expect((await api("POST", "/companies", {})).json.errors).toEqual([
      { pointer: "/name", detail: "This member is required." },
    ]);
    expect((await api("POST", "/companies", [])).status).toBe(400);
  });

  it("takes a request that names a media type but has no body", async () => {
    const { company, setting } = await fillCompany();
    const path = `/companies/${company.id}/scim-settings/${setting.id}`;
    const headers = { "Content-Type": "application/json" };
    expect((await api("POST", `${path}/pause`, undefined, headers)).status).toBe(200);
    expect((await api("DELETE", path, undefined, headers)).status).toBe(204);
  });
});

describe("the answers of the management API", () => {
  it("answers 500 without the words of an unknown error", async () => {
    const { company } = await fillCompany();
    const broken = apiWith(() => {
      throw new Error("secret detail of the database");
    });
    const answer = await broken("PATCH", `/companies/${company.id}`, { name: "Contoso" });
    expect(answer).toMatchObject({ status: 500, json: { title: "Internal Server Error" } });
    expect(JSON.stringify(answer.json)).not.toContain("secret detail");
  });

  it("says which command to run when the database has no tables, and to try again when the writer is overloaded", async () => {
    const { company } = await fillCompany();
    const answering = async (error: Error) => {
      const broken = apiWith(() => {
        throw error;
      });
      return broken("PATCH", `/companies/${company.id}`, { name: "Contoso" });
    };
    const empty = await answering(new Error("D1_ERROR: no such table: companies: SQLITE_ERROR"));
    expect(empty).toMatchObject({ status: 503, json: { detail: expect.stringContaining("migrations apply") } });
    const overloaded = await answering(Object.assign(new Error("overloaded"), { overloaded: true }));
    expect([overloaded.status, overloaded.headers.get("Retry-After")]).toEqual([503, "1"]);
  });

  it("turns a refusal of the writer into a problem with its status and Retry-After", async () => {
    const { company } = await fillCompany();
    const busy = apiWith(() => ({ ok: false, ...refusal("queue_full", "Too much at once."), retryAfter: 2 }));
    const answer = await busy("PATCH", `/companies/${company.id}`, { name: "Contoso" });
    expect(answer).toMatchObject({
      status: 429,
      json: { title: "Too Many Requests", code: "queue_full", detail: "Too much at once." },
    });
    expect(answer.headers.get("Retry-After")).toBe("2");
  });

  it("names each request, in X-Request-Id and in the cause it hands to the writer", async () => {
    const { company } = await fillCompany();
    const causes: string[] = [];
    const watched = apiWith((_operation, { cause }) => {
      causes.push(cause.requestId);
      return { ok: true, outcome: { kind: "done" } };
    });
    const answer = await watched("PATCH", `/companies/${company.id}`, { name: "Contoso" });
    expect(causes).toEqual([answer.headers.get("X-Request-Id")]);
  });
});
