import type { Course } from "./open-loop.ts";
import { PEER_OPERATIONS } from "./peer-operations.ts";
import { SPARE, type World } from "./world.ts";

/** What Entra asks for: of ten requests six look-ups, two PATCHes, a create and a member of a group. */
const MIX = ["userName", "patch-active", "userName", "create", "userName", "userName", "patch-active", "userName"];
const ENTRA = [...MIX, "member-10", "userName"].map((name) => PEER_OPERATIONS.find((each) => each.name === name));

/** The mix as one server's requests: all in the setting whose groups are synchronised, as Entra's are. */
export function entraMix({ baseUrl, world }: { baseUrl: string; world: World }): Course {
  let made = world.size + SPARE;
  const { idp, size } = world;
  const one: World = { ...world, field: { ...idp, userIds: idp.userIds.slice(0, size) }, nextPerson: () => made++ };
  return {
    baseUrl,
    token: idp.token,
    request: (n, connection) => {
      const operation = ENTRA[n % ENTRA.length];
      if (operation === undefined) throw new Error("the mix names an operation that is none");
      const sent = operation.request(one, world.nextTurn(operation.name), connection);
      return { sent, expect: operation.expect };
    },
  };
}
