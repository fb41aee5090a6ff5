import { endWithUsage, readNumber, readOptions } from "../tools/command-line.ts";
import { PLANTS } from "./fault-plan.ts";

const USAGE = `npm run torture -- [options]

  --seed N          the campaign to run (default: drawn, and printed)
  --minutes M       how long (default: 5)
  --connections C   requests at a time for each of the two settings (default: 6)
  --plant NAME      take a guard away, which the campaign must notice: ${PLANTS.join(", ")}

Exit code: 0 nothing is wrong, 1 something is; then the seed is printed that repeats it.`;

const COMMAND = "npm run torture";

/** `npm run torture`: the campaign at any length. */
async function main(): Promise<number> {
  const { values } = readOptions(COMMAND, {
    options: {
      seed: { type: "string", default: String(Math.floor(Math.random() * 1e9)) },
      minutes: { type: "string", default: "5" },
      connections: { type: "string", default: "6" },
      plant: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const plant = PLANTS.find((name) => name === values.plant) ?? null;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.plant !== undefined && plant === null) endWithUsage(COMMAND, `--plant is one of: ${PLANTS.join(", ")}.`);
  const minutes = readNumber(COMMAND, "minutes", values.minutes);
  const connections = readNumber(COMMAND, "connections", values.connections, 1);
  console.log(`Seed ${values.seed}, ${values.minutes} min`);
  // Whoever asks for help does not wait for a runtime to be loaded.
  const { runCampaign } = await import("./campaign.ts");
  const result = await runCampaign({
    seed: values.seed,
    duration: minutes * 60_000,
    roundLength: { milliseconds: 4_000 },
    connections,
    plant,
    hasAccidents: true,
    isPatient: true,
    print: console.log,
  });
  if (result.problems.length > 0) for (const line of result.log) console.error(`log: ${line}`);
  for (const { round, what } of result.problems) console.error(`round ${round}: ${what}`);
  const { rounds, requests, retries, problems } = result;
  console.log(`${rounds} rounds, ${requests} requests, ${retries} repeated, ${problems.length} problems`);
  if (problems.length > 0)
    console.error(`Repeat it with: npm run torture -- --seed ${result.seed} --minutes ${values.minutes}`);
  return problems.length === 0 ? 0 : 1;
}

process.exit(await main());
