import { endWithUsage } from "../tools/command-line.ts";
import { trustLoopback } from "../tools/trust-loopback.ts";
import { parseArguments, USAGE, UsageProblem } from "./arguments.ts";
import { createProgress, formatReport } from "./report.ts";
import { simulate } from "./simulate.ts";
import { ConnectionProblem } from "./wire.ts";

/** Runs the command and gives its exit code: 0 no difference, 1 differences, 2 usage or connection. */
async function main(args: string[]): Promise<number> {
  try {
    const options = parseArguments(args);
    if (options === null) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    trustLoopback(options.tenantUrl);
    const result = await simulate({ ...options, onProgress: createProgress(process.stdout) });
    process.stdout.write(formatReport(options, result));
    return result.differences.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof UsageProblem) endWithUsage("npm run simulate", error.message);
    else if (error instanceof ConnectionProblem) process.stderr.write(`\n${error.message}\n`);
    else throw error;
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
