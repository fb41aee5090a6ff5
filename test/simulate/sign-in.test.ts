import { expect, it } from "vitest";
import { canSignIn } from "./sign-in.ts";

it("no provider signs in in a way that it does not have", () => {
  expect([canSignIn("okta", "client"), canSignIn("pingone", "federated")]).toEqual([false, false]);
  expect([canSignIn("okta", "token"), canSignIn("entra", "federated")]).toEqual([true, true]);
});
