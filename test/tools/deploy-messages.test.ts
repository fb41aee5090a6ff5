import { describe, expect, it } from "vitest";
import { readDeployConfig } from "./deploy-config.ts";
import { describeDeployment, describeResult, explainFailure } from "./deploy-messages.ts";
import { readConfig } from "./wrangler.ts";

const KEPT = ".secrets.rollcall.json";
const MADE = { OPERATOR_KEY: "the-key", SESSION_SECRET: "the-secret" };

describe("what a dry run says", () => {
  const say = (isUnattended: boolean) => {
    const place = { region: null, jurisdiction: null };
    return describeDeployment(readDeployConfig(readConfig(), null), { place, placement: null, isUnattended });
  };

  it("is that secrets are made where somebody reads along, and none where nobody does", () => {
    expect(say(false)).toContain("make OPERATOR_KEY and SESSION_SECRET into .secrets.rollcall.json");
    expect(say(true)).toContain("make no secret");
    expect(say(true)).not.toContain(".secrets.");
  });
});

describe("what is said after a deployment", () => {
  it("has the operator key when it was made now, and never the other secret", () => {
    const said = describeResult(
      { secrets: MADE, missing: [] },
      { address: "https://r.example", kept: KEPT, made: MADE },
    );
    for (const part of ["https://r.example/console", "the-key", KEPT]) expect(said).toContain(part);
    expect(said).not.toContain("the-secret");
  });

  it("tells where an earlier key is, without showing it again, and nothing of one that nobody here has made", () => {
    const later = describeResult({ secrets: {}, missing: [] }, { address: null, kept: KEPT, made: MADE });
    expect(later).toContain(KEPT);
    expect(later).not.toContain("the-key");
    expect(describeResult({ secrets: {}, missing: [] }, { address: null, kept: KEPT, made: {} })).not.toContain("key");
  });

  it("says what to set where secrets are missing", () => {
    const said = describeResult({ secrets: {}, missing: ["SESSION_SECRET"] }, { address: null, kept: KEPT, made: {} });
    expect(said).toContain("npx wrangler secret put SESSION_SECRET");
    expect(said).not.toContain("OPERATOR_KEY");
  });
});

it.each([
  ["it's necessary to set a CLOUDFLARE_API_TOKEN environment variable for wrangler", "npx wrangler login"],
  ["More than one account available but unable to select one", "CLOUDFLARE_ACCOUNT_ID="],
  ["fetch failed", "could not be reached"],
  ["something else", "can be repeated"],
])("a deployment that fails with %j is told of with what to do", (message, advice) => {
  expect(explainFailure(message)).toContain(advice);
  expect(explainFailure(message)).toContain(message);
});
