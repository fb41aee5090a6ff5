import { readNumber, readOptions } from "../tools/command-line.ts";

const USAGE = `npm run upgrade [-- options]

Fills a release, upgrades it under load to what stands here, and goes back and forth between both, comparing what each
acknowledged with what is there in the end.

  --from 0.1.0     a release in test/upgrade/releases
  --lanes 8        connections at once
  --people 100     people of each connection
  --changes 200    changes of each connection in each of six phases
  --help           this text

Exit code: 0 nothing failed and nothing was lost, 1 otherwise.`;

const COMMAND = "npm run upgrade";
const text = (value: string) => ({ type: "string" as const, default: value });
const { values } = readOptions(COMMAND, {
  options: {
    from: text("0.1.0"),
    lanes: text("8"),
    people: text("100"),
    changes: text("200"),
    help: { type: "boolean", default: false },
  },
});
if (values.help) console.log(USAGE);
else {
  const size = {
    lanes: readNumber(COMMAND, "lanes", values.lanes, 1),
    people: readNumber(COMMAND, "people", values.people, 1),
    changes: readNumber(COMMAND, "changes", values.changes, 1),
  };
  // Whoever asks for help does not wait for a runtime to be loaded.
  const { upgrade } = await import("./upgrade.ts");
  const { problems, requests } = await upgrade(values.from, size);
  for (const problem of problems) console.log(problem);
  console.log(`${requests} requests, ${problems.length} problems`);
  process.exit(problems.length === 0 ? 0 : 1);
}
