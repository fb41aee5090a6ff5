import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lendDialect } from "./lend-dialect.ts";

const OF_ENTRA = { putWithoutMembers: "keep", showPagination: true };
const OF_KEYCLOAK = { putWithoutMembers: "empty", showPagination: false };

let setting: { provider: string; dialect: object };
let patched: unknown[];
let baseUrl: string;
let end: () => void;

/** A management API with one setting, s1 of company c1, whose token has the id t1. */
beforeEach(async () => {
  patched = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.method === "PATCH") patched.push(JSON.parse(body));
    const path = (request.url ?? "").split("?")[0] ?? "";
    const items = path.endsWith("/tokens") ? [{ id: "t1" }] : [{ id: "s1" }];
    const whole = { ...setting, fieldMappings: [], groupSettings: {} };
    response.end(JSON.stringify(path.endsWith("/s1") ? whole : { items, nextCursor: null }));
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  const address = server.address();
  baseUrl = `http://localhost:${typeof address === "object" ? address?.port : 0}`;
  end = () => server.close();
});
afterEach(() => end());

const lend = (name: "keycloak" | "okta-custom", token = "rcl_t1_x") =>
  lendDialect({ baseUrl, operatorKey: "key", companyId: "c1" }, token, name);

describe("a setting that was made for another client", () => {
  it("speaks as the client needs it, and as before in the end", async () => {
    setting = { provider: "entra", dialect: OF_ENTRA };
    const restoreDialect = await lend("keycloak");
    expect(patched).toEqual([{ dialect: OF_KEYCLOAK }]);
    await restoreDialect();
    expect(patched).toEqual([{ dialect: OF_KEYCLOAK }, { dialect: OF_ENTRA }]);
  });

  it("is left as it is where the client needs nothing else, or the token is none of its own", async () => {
    setting = { provider: "entra", dialect: OF_ENTRA };
    await (await lend("okta-custom"))();
    await (await lend("keycloak", "rcl_t2_x"))();
    expect(patched).toEqual([]);
  });
});

it("the dialect of a client's own setting is a part of what is tried", async () => {
  setting = { provider: "keycloak", dialect: OF_ENTRA };
  await (await lend("keycloak"))();
  expect(patched).toEqual([]);
});
