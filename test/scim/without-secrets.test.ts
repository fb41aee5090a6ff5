import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/scim/json.ts";
import { withoutSecrets } from "../../src/scim/without-secrets.ts";

describe("withoutSecrets", () => {
  it("is the same document where there is no secret", () => {
    const document: JsonObject = {
      userName: "a",
      passwordPolicy: "x",
      emails: [{ value: "a" }],
      "urn:x": {},
      roles: [],
    };
    expect(withoutSecrets(document)).toBe(document);
  });

  it("takes secrets out under any object, path or case, and what is empty for that", () => {
    expect(
      withoutSecrets({
        userName: "a",
        PassWord: "p",
        password: { value: "p" },
        "name.password": "p",
        "urn:x:1.0:User": { password: "p", site: "Rome", deep: [{ Password: "p" }, { a: 1, password: "p" }, "b"] },
        "urn:y:1.0:User": { ｐａｓｓｗｏｒｄ: "p" },
        "urn:z:1.0:User:password": "p",
        emails: [],
      }),
    ).toEqual({ userName: "a", "urn:x:1.0:User": { site: "Rome", deep: [{ a: 1 }, "b"] }, emails: [] });
  });

  it("leaves an extension whose URN merely has the word in it", () => {
    const document = { "urn:acme:password:2.0:User": { expires: "never" } };
    expect(withoutSecrets(document)).toBe(document);
  });
});
