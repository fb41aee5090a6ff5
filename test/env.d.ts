/** Types of `env` and `exports` of `cloudflare:workers` in the tests. */
declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import("./worker-of-tests.ts");
    durableNamespaces: "DirectoryWriter" | "WebhookCourier" | "CompanyShare" | "Messenger";
  }
  interface Env {
    DB: D1Database;
    DB2: D1Database;
    TOKENS: KVNamespace;
    WRITER: DurableObjectNamespace<import("../src/worker.ts").DirectoryWriter>;
    COURIER: DurableObjectNamespace<import("../src/worker.ts").WebhookCourier>;
    SHARE: DurableObjectNamespace<import("../src/worker.ts").CompanyShare>;
    MESSENGER: DurableObjectNamespace<import("../src/worker.ts").Messenger>;
    OPERATOR_KEY: string;
    SESSION_SECRET: string;
    SESSION_SECRET_PREVIOUS?: string;
    MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
}
