import { DurableObject } from "cloudflare:workers";
export class DirectoryWriter extends DurableObject {
  ping() {
    return "pong";
  }
}
export default {
  fetch() {
    return new Response("ok");
  },
};
