import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DeployRefused, deploy } from "./deploy-plan.ts";
import { ROOT, runWrangler } from "./wrangler.ts";

/** `npm run deploy`: checks the configuration and the secrets, migrates the remote database, deploys; further arguments go to `wrangler deploy`. */
try {
  const config = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  await deploy({ wrangler: runWrangler, say: (line) => console.log(line), config }, process.argv.slice(2));
} catch (error) {
  console.error(error instanceof DeployRefused ? error.message : `The deployment failed: ${String(error)}`);
  process.exit(1);
}
