import { join } from "node:path";
import { ensureDemo, signInLink } from "./demo.ts";
import { listDatabases } from "./deploy-plan.ts";
import { ensureLocalSecrets } from "./local-secrets.ts";
import { ROOT, readConfig, runWrangler, startWrangler } from "./wrangler.ts";

/** `npm run dev`: migrates the local database, starts `wrangler dev`, seeds a demo company, and says what to try. */
async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const port = optionOf(args, "--port") ?? "8787";
  const persist = optionOf(args, "--persist-to");
  const secrets = ensureLocalSecrets(join(ROOT, ".dev.vars"));
  const place = persist === undefined ? [] : ["--persist-to", persist];
  for (const database of listDatabases(readConfig()))
    await runWrangler(["d1", "migrations", "apply", database, "--local", ...place]);
  const withPort = optionOf(args, "--port") === undefined ? ["--port", port, ...args] : args;
  // Simulated identity providers sign assertions on this machine; e-mails are printed.
  const vars = ["--var", "LOOPBACK_ISSUERS:on", "--var", "PRINT_EMAIL:on"];
  const child = startWrangler(["dev", "--show-interactive-dev-session=false", ...vars, ...withPort], "inherit");
  child.on("exit", (code) => process.exit(code ?? 0));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  const baseUrl = `http://localhost:${port}`;
  await untilReady(baseUrl);
  const demo = await ensureDemo(join(ROOT, ".wrangler/rollcall-dev.json"), baseUrl, secrets.OPERATOR_KEY ?? "");
  console.log(`
Rollcall is running.

  Tenant URL     ${demo.tenantUrl}
  Token          ${demo.token}
  Operator key   ${demo.operatorKey}
  Console        ${baseUrl}/console   (operators sign in with the operator key)
  signed in      ${await signInLink(demo)}
                 (the demo company's console; the link works once, for an hour)
  API            ${baseUrl}/api/v1/openapi.json

Next, in a second terminal: let a simulated identity provider push a company of people and watch them arrive:

  npm run demo:receiver      (optional: prints each change as its webhook arrives)
  npm run simulate -- entra --users 50 --groups 5
`);
}

function optionOf(args: readonly string[], flag: string): string | undefined {
  const index = args.indexOf(flag);
  if (index >= 0) return args[index + 1];
  return args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1);
}

async function untilReady(baseUrl: string): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt += 1) {
    const isReady = await fetch(`${baseUrl}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`nothing answers at ${baseUrl}/healthz`);
}

await main();
