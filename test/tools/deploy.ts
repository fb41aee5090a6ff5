import { DeployRefused, deploy } from "./deploy-plan.ts";
import { readConfig, runWrangler } from "./wrangler.ts";

/** `npm run deploy`: checks the configuration and the secrets, migrates the remote database, deploys; further arguments go to `wrangler deploy`. */
try {
  const ports = { wrangler: runWrangler, say: (line: string) => console.log(line), config: readConfig() };
  await deploy(ports, process.argv.slice(2));
} catch (error) {
  console.error(error instanceof DeployRefused ? error.message : `The deployment failed: ${String(error)}`);
  process.exit(1);
}
