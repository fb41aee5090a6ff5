import type { Plugin } from "esbuild";

/** Builds a Worker whose commits wait for no clients that come back: what the wait gains is told by the two beside each other. */
export const withoutWaits: Plugin = {
  name: "without-waits",
  setup(build) {
    const contents = "export class AnsweredClients { answer() {} receive() {} async gather() {} }";
    build.onLoad({ filter: /[\\/]writer[\\/]wait-for-answered-clients\.ts$/ }, () => ({ contents, loader: "ts" }));
  },
};
