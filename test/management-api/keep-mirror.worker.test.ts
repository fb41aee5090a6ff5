import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Mirror } from "../../.github/examples/keep-mirror.ts";
import { createClient } from "../../.github/examples/rollcall-client.ts";
import { newSetting, type ScimClient } from "../scim-api/scim-client.ts";
import { keepState } from "../writer/keep-state.ts";

const client = createClient({
  baseUrl: "https://rollcall.test/api/v1",
  operatorKey: env.OPERATOR_KEY,
  fetch: (url, init) => exports.default.fetch(new Request(url, init)),
});
const TRAINING = { kind: "training", id: "t-1", name: "Phishing basics" } as const;

/** What the API lists of a company, in the words of the mirror. */
async function listed(companyId: string) {
  const page = { companyId, limit: 200 };
  const groups = (await client.listTargetGroups(page)).items;
  const members = await Promise.all(groups.map(({ id }) => client.listMembers({ ...page, groupId: id })));
  return {
    users: new Map(
      (await client.listTargetUsers(page)).items.map(({ id, personId, status, fields }) => [
        id,
        { personId, status, fields },
      ]),
    ),
    groups: new Map(
      groups.map(({ id, name }, index) => [
        id,
        { name, members: new Set(members[index]?.items.map(({ userId }) => userId)) },
      ]),
    ),
    enrolments: new Map(
      (await client.listEnrolments({ ...page, status: "active" })).items.map(({ id, userId, kind, itemId }) => [
        id,
        { userId, kind, itemId },
      ]),
    ),
  };
}

async function arrive(scim: ScimClient, userName: string, mail: string): Promise<string> {
  const made = await scim.send("POST", "/Users", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName,
    emails: [{ value: mail, type: "work" }],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "Sales" },
  });
  expect(made.status).toBe(201);
  return made.json.id;
}

describe("the mirror of the examples", () => {
  it("stays equal to what the API lists: two settings with one e-mail, and a restore in the middle", async () => {
    const { id: companyId } = await client.createCompany({ body: { name: "Northwind", externalId: "c-1" } });
    const grouped = { groupSettings: { criteria: "field", field: "department" } };
    const [entra, okta] = [await newSetting(companyId, grouped), await newSetting(companyId, grouped)];
    const mirror = new Mirror(client, companyId);
    const expectEqual = async () => {
      await mirror.follow();
      const { users, groups, enrolments } = mirror;
      expect({ users, groups, enrolments }).toEqual(await listed(companyId));
    };
    const ada = await arrive(entra, "ada", "ada@example.com");
    await expectEqual();
    const [sales] = (await client.listTargetGroups({ companyId })).items;
    await client.replaceAutoEnrolments({ companyId, groupId: sales?.id ?? "", body: [TRAINING] });
    const twin = await arrive(okta, "ada.okta", "ADA@example.com");
    await expectEqual();
    expect(mirror.users.get(ada)?.personId).toBe(mirror.users.get(twin)?.personId);
    expect(mirror.enrolments.size).toBe(1);

    const restore = await keepState();
    await entra.send("DELETE", `/Users/${ada}`);
    await arrive(entra, "bob", "bob@example.com");
    await expectEqual();
    expect([...mirror.enrolments.values()].map(({ userId }) => userId)).toContain(twin);
    expect(mirror.begun).toBe(1);

    await restore();
    await arrive(entra, "cy", "cy@example.com");
    await expectEqual();
    expect(mirror.begun).toBe(2);
    expect(mirror.users.has(ada)).toBe(true);

    await entra.send("PATCH", `/Users/${ada}`, {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [
        { op: "replace", value: { active: false, 'emails[type eq "work"].value': "ada@elsewhere.example" } },
      ],
    });
    await expectEqual();
    expect(mirror.begun).toBe(2);
    expect(mirror.users.get(ada)).toMatchObject({ status: "inactive", fields: { email: "ada@elsewhere.example" } });
  });

  it("drops all it holds once the company is deleted, whose feed has gone with it", async () => {
    const { id: companyId } = await client.createCompany({ body: { name: "Northwind" } });
    const scim = await newSetting(companyId, { groupSettings: { criteria: "field", field: "department" } });
    const mirror = new Mirror(client, companyId);
    await arrive(scim, "ada", "ada@example.com");
    await mirror.follow();
    expect(mirror.users).toEqual((await listed(companyId)).users);
    expect(mirror.users.size).toBe(1);

    await client.deleteCompany({ companyId });
    await mirror.follow();
    expect([mirror.users.size, mirror.groups.size, mirror.enrolments.size]).toEqual([0, 0, 0]);
  });
});
