/** How `npm run dev` is called. */
export const DEV_USAGE = `npm run dev [-- options]

Starts Rollcall on this machine: makes .dev.vars with random secrets when there is none, migrates the local database, makes a
demo company, and prints the addresses and keys to try it with. Press i to see them again, q to stop.

  --info             print the addresses and keys of the one that runs, with a new sign-in link
  --port 8787        its port
  --persist-to DIR   where the local data are (default .wrangler/state)
  --help             this text
  anything else goes to "wrangler dev"`;

/** The value of an option in a command line, as `--port 1` or `--port=1`. */
export function optionOf(args: readonly string[], flag: string): string | undefined {
  const index = args.indexOf(flag);
  if (index >= 0) return args[index + 1];
  return args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1);
}
