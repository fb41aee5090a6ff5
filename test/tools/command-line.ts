import { type ParseArgsConfig, parseArgs } from "node:util";

/** Ends a command that was called wrongly: says why and where it is told how, and exits with 2. `command` is as `npm run bench`. */
export function endWithUsage(command: string, why: string): never {
  console.error(`${why}\n${command} -- --help tells how it is called.`);
  process.exit(2);
}

/** The options of a command's line; an option that it does not know ends it (see `endWithUsage`). */
export function readOptions<Config extends ParseArgsConfig>(command: string, config: Config) {
  try {
    return parseArgs(config);
  } catch (error) {
    // Node adds how a positional argument may begin with a hyphen, which none of ours does.
    const [why = ""] = (error instanceof Error ? error.message : String(error)).split(". To specify");
    return endWithUsage(command, `${why}.`);
  }
}

/** The number that an option's text is; another text, or a number under `least`, ends the command (see `endWithUsage`). */
export function readNumber(command: string, name: string, text: string, least = 0): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number) || number < least)
    endWithUsage(command, `--${name} is a number from ${least}, and not "${text}".`);
  return number;
}
