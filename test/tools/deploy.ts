import { DeployRefused, deploy } from "./deploy-plan.ts";
import { listDatabases, runWrangler } from "./wrangler.ts";

/** `npm run deploy`: checks the secrets, migrates the remote database, deploys; further arguments go to `wrangler deploy`. */
try {
  await deploy(runWrangler, (line) => console.log(line), listDatabases(), process.argv.slice(2));
} catch (error) {
  console.error(error instanceof DeployRefused ? error.message : `The deployment failed: ${String(error)}`);
  process.exit(1);
}
