import { deploy, type Ran } from "./deploy-steps.ts";
import { startWrangler } from "./wrangler.ts";

async function run(args: readonly string[]): Promise<Ran> {
  const child = startWrangler(args, "pipe");
  let stdout = "";
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk;
    output += chunk;
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { isOk: code === 0, stdout, output };
}

/** `npm run deploy`: migrates the remote database, then deploys; further arguments go to `wrangler deploy`. */
const refusal = await deploy(run, console.log, process.argv.slice(2));
if (refusal !== null) console.error(refusal);
process.exit(refusal === null ? 0 : 1);
