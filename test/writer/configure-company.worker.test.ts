import { describe, expect, it } from "vitest";
import { operate } from "../scim-api/scim-client.ts";

describe("a company", () => {
  it("has what the platform calls it and keeps with it, and tells in its feed what it is called and was", async () => {
    const made = await operate("POST", "/companies", { name: "Northwind" });
    expect(made.json).toMatchObject({ name: "Northwind", externalId: null, metadata: {} });
    const path = `/companies/${made.json.id}`;
    const metadata = { plan: "gold", seats: 50, trial: false };
    const changed = await operate("PATCH", path, { externalId: "c-7", metadata });
    expect(changed.json).toMatchObject({ name: "Northwind", externalId: "c-7", metadata });
    expect((await operate("GET", path)).json).toMatchObject({ externalId: "c-7", metadata });
    expect((await operate("GET", "/companies?externalId=c-7")).json.items).toMatchObject([{ id: made.json.id }]);
    expect((await operate("PATCH", path, { name: "Southwind" })).json).toMatchObject({ externalId: "c-7", metadata });
    await operate("PATCH", path, { name: "Southwind" });
    expect((await operate("PATCH", path, { externalId: null })).json).toMatchObject({ externalId: null, metadata });
    const { items } = (await operate("GET", `${path}/changes`)).json;
    expect(items).toMatchObject([
      { type: "company.created", data: { name: "Northwind", externalId: null }, cause: { actor: "operator" } },
      {
        type: "company.renamed",
        subject: { kind: "company", id: made.json.id },
        data: { name: "Southwind", oldName: "Northwind" },
      },
    ]);
    expect(items).toHaveLength(2);
  });

  it("takes texts, numbers and booleans as metadata, up to 50 of them", async () => {
    for (const metadata of [
      { nested: {} },
      { list: [] },
      { none: null },
      { long: "x".repeat(501) },
      { ["x".repeat(41)]: 1 },
      Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`m${n}`, n])),
    ])
      expect((await operate("POST", "/companies", { name: "Northwind", metadata })).status).toBe(400);
  });
});
