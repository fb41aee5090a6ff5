import { OPERATIONS, type Operation } from "./operations.ts";

/** The operations that peers are measured with, and that they answer as the product does. */
export const PEER_OPERATIONS: readonly Operation[] = [
  "create",
  "userName",
  "get",
  "patch-active",
  "list",
  "member-10",
].map((name) => {
  const operation = OPERATIONS.find((each) => each.name === name);
  if (operation === undefined) throw new Error(`there is no operation ${name}`);
  return withBooleans(operation);
});

/** Entra's texts in place of booleans are refused by peers. */
function withBooleans(operation: Operation): Operation {
  return {
    ...operation,
    request: (...given) => {
      const sent = operation.request(...given);
      return sent.body === undefined
        ? sent
        : { ...sent, body: sent.body.replace(/"value":"(true|false)"/, '"value":$1') };
    },
  };
}
