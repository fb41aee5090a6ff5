import { availableParallelism } from "node:os";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const root = `${import.meta.dirname}/../`;

/** Time limits are there to end what hangs, and for nothing else: a busy machine must not reach them. */
const PATIENCE = { testTimeout: 600_000, hookTimeout: 600_000, expect: { poll: { timeout: 60_000 } } };

/** See `generated-cases.ts`. */
const { FUZZ_SEED = "20261130", WHOLE } = process.env;
const isWhole = WHOLE === "on";
const { FUZZ_CASES = isWhole ? "200" : "50" } = process.env;
const provide = { generated: { cases: Number(FUZZ_CASES), seed: Number(FUZZ_SEED), isWhole } };

/**
 * A test stands under `test/` where its subject stands under `src/` (or in `migrations/`, or beside the tests' own tool that
 * it is about), and bears the name of the file it tests or, when it is about more than one, a name that is the rule; a rule
 * that several doors keep is in `test/safety`. `test/layout.test.ts` holds this.
 *
 * What a test needs is the end of its name: `.worker.test.ts` the Workers runtime (real D1, KV and Durable Objects),
 * `.server.test.ts` whole servers and processes of its own, `.long.test.ts` the same for a minute or more, `.browser.test.ts`
 * a Chromium; the others need Node only.
 *
 * Each rule has a test that is quick. What shows it once more, in many places, at length or in volume, is for CI and for `npm
 * test -- --with long`: a file of its own ends in `.long.test.ts` or `.long.worker.test.ts`, and part of a file asks
 * `generated-cases.ts`.
 */
export default defineConfig({
  root,
  test: {
    // Nearly a third of a test's time is waiting, for a clock or a database.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        root,
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["worker", "server", "long", "browser"].map((end) => `test/**/*.${end}.test.ts`),
          environment: "node",
          // A process for each file took longer to start than most files run; each of them compiles everything anew.
          isolate: false,
          // A second one would load and compile nearly all of it once more.
          maxWorkers: 1,
          restoreMocks: true,
          provide,
          ...PATIENCE,
        },
      },
      {
        root,
        test: {
          name: "servers",
          include: ["test/**/*.server.test.ts"],
          environment: "node",
          provide,
          ...PATIENCE,
        },
      },
      {
        root,
        test: {
          name: "long",
          include: ["test/**/*.long.test.ts"],
          environment: "node",
          provide,
          ...PATIENCE,
        },
      },
      {
        root,
        plugins: [
          cloudflareTest(async () => ({
            main: "./test/worker-of-tests.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              // A second directory database, as one with many companies binds it.
              d1Databases: ["DB2"],
              bindings: {
                // Tests look at the rows of what they made: where it goes is no matter of load.
                NEW_COMPANIES_DB: "DB",
                MIGRATIONS: await readD1Migrations(`${root}migrations`),
                OPERATOR_KEY: "operator-key-of-the-tests-0123456789",
                REQUEST_LOG: "off",
                SESSION_SECRET: "session-secret-of-the-tests-0123456789",
              },
            },
          })),
        ],
        test: {
          name: "workers",
          // They wait more than others do, for the alarms and delays of the Worker itself.
          maxWorkers: availableParallelism() + 2,
          // A runtime for each file took longer to start than most files run; the set-up file empties its databases instead.
          isolate: false,
          restoreMocks: true,
          provide,
          ...PATIENCE,
          include: ["test/**/*.worker.test.ts"],
          exclude: isWhole ? [] : ["test/**/*.long.worker.test.ts"],
          setupFiles: ["./test/apply-migrations.ts"],
        },
      },
      {
        root,
        test: {
          name: "browser",
          include: ["test/**/*.browser.test.ts"],
          environment: "node",
          provide,
          ...PATIENCE,
          fileParallelism: false,
        },
      },
    ],
  },
});
