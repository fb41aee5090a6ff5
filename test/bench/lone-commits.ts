import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";

const SIZE = /const COMMIT_SIZE = [\d_]+;/;

/** Builds a Worker whose operations share no commit: what one company would do if its writes were as alone as those of many. */
export const loneCommits: Plugin = {
  name: "lone-commits",
  setup(build) {
    build.onLoad({ filter: /[\\/]writer[\\/]write-queue\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!SIZE.test(text)) throw new Error(`${path} says nowhere how many operations share a commit`);
      return { contents: text.replace(SIZE, "const COMMIT_SIZE = 1;"), loader: "ts" };
    });
  },
};
