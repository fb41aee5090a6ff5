import type { Dialect, Provider } from "./setting.ts";

/** What a PUT of a group without `members` can mean. */
export const PUT_WITHOUT_MEMBERS = ["keep", "empty"] as const satisfies readonly Dialect["putWithoutMembers"][];

const USUAL: Dialect = { putWithoutMembers: "keep", showPagination: true };

/** What the clients of some providers need: Keycloak's plug-ins, and Ping's SDK before its version 5. */
const OF_PROVIDERS: Partial<Record<Provider, Partial<Dialect>>> = {
  keycloak: { putWithoutMembers: "empty", showPagination: false },
  pingone: { showPagination: false },
};

/** The dialect that a new setting begins with. Once it is made, the provider it names says nothing of its dialect any more. */
export function dialectFor(provider: Provider): Dialect {
  return changeDialect(USUAL, OF_PROVIDERS[provider]);
}

/** A dialect with the switches that a change gives. */
export function changeDialect(dialect: Dialect, change: Partial<Dialect> = {}): Dialect {
  return {
    putWithoutMembers: change.putWithoutMembers ?? dialect.putWithoutMembers,
    showPagination: change.showPagination ?? dialect.showPagination,
  };
}
