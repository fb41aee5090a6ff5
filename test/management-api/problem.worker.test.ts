import { describe, expect, it } from "vitest";
import { REFUSALS, type RefusalCode } from "../../src/scim/refusal-causes.ts";
import { call, newClient, newSetting, operate, type ScimAnswer } from "../scim-api/scim-client.ts";

const NOBODY = "0192f0aa-0000-7000-8000-000000000000";

/** Expects problem details (RFC 9457) of a code, with the status that goes with it. */
function expectProblem(answer: ScimAnswer, code: RefusalCode): void {
  const { status } = REFUSALS[code];
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.json, code).toMatchObject({
    ...{ type: `https://rollcall.test/api/v1/problems/${code}`, status, code },
    requestId: answer.headers.get("x-request-id"),
  });
  expect([answer.status, typeof answer.json.detail]).toEqual([status, "string"]);
}

describe("problem details", () => {
  it("say why as a code: of the door, of input, of what is not there, and of the writer", async () => {
    const { companyId, settingId } = await newClient();
    const at = `/companies/${companyId}`;
    const field = { key: "location", label: "Location", type: "text" };
    await operate("POST", `${at}/fields`, field);
    await operate("POST", `${at}/target-groups`, { name: "Staff" });
    const { name } = (await operate("GET", `${at}/scim-settings/${settingId}`)).json;
    const twin = { name: ` ${name.toUpperCase()}`, provider: "other", groupSettings: { criteria: "idp" } };
    const asked: [RefusalCode, string, string, unknown?][] = [
      ["no_such_address", "GET", "/nothing"],
      ["method_not_allowed", "PUT", "/companies"],
      ["malformed_body", "POST", "/companies", "{"],
      ["invalid_input", "POST", "/companies", {}],
      ["invalid_input", "GET", "/companies?limit=0"],
      ["invalid_cursor", "GET", "/companies?cursor=x"],
      ["no_such_company", "GET", `/companies/${NOBODY}`],
      ["no_such_setting", "GET", `${at}/scim-settings/${NOBODY}`],
      ["no_such_token", "DELETE", `${at}/scim-settings/${settingId}/tokens/${NOBODY}`],
      ["no_such_user", "GET", `${at}/target-users/${NOBODY}`],
      ["no_such_target_group", "GET", `${at}/target-groups/${NOBODY}`],
      ["no_such_enrolment", "GET", `${at}/enrolments/${NOBODY}`],
      ["no_such_webhook", "GET", `${at}/webhooks/${NOBODY}`],
      ["no_such_request", "GET", `${at}/log/${NOBODY}`],
      ["no_such_field", "DELETE", `${at}/fields/nothing`],
      ["standard_field", "DELETE", `${at}/fields/email`],
      ["field_key_taken", "POST", `${at}/fields`, field],
      ["target_group_name_taken", "POST", `${at}/target-groups`, { name: "staff" }],
      ["setting_name_taken", "POST", `${at}/scim-settings`, twin],
    ];
    for (const [code, method, path, body] of asked) expectProblem(await operate(method, path, body), code);
    expectProblem(await call("GET", "/api/v1/companies"), "operator_key_required");
  });

  it("refuse a setting another's name when it is renamed too, and not its own in other letters", async () => {
    const { companyId, settingId } = await newClient();
    const at = `/companies/${companyId}/scim-settings`;
    const { name } = (await operate("GET", `${at}/${settingId}`)).json;
    await newSetting(companyId, { name: "Contractors" });
    const rename = (to: string) => operate("PATCH", `${at}/${settingId}`, { name: to });
    expectProblem(await rename("contractors"), "setting_name_taken");
    expect((await operate("GET", `${at}/${settingId}`)).json.name).toBe(name);
    expect((await rename(name.toUpperCase())).status).toBe(200);
  });

  it("keep each code's meaning: a field in use is not the same as one that is there already", async () => {
    const { companyId, settingId } = await newClient();
    const at = `/companies/${companyId}`;
    await operate("POST", `${at}/fields`, { key: "location", label: "Location", type: "text" });
    await operate("PATCH", `${at}/scim-settings/${settingId}`, {
      fieldMappings: [{ field: "location", path: "title" }],
      groupSettings: { criteria: "field", field: "location" },
    });
    expectProblem(await operate("DELETE", `${at}/fields/location`), "in_use");
  });
});
