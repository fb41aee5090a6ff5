import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeApi } from "../../src/management-api/open-api/open-api.ts";
import { type ApiDocument, printClient } from "./print-client.ts";

/** Writes the client of the examples anew: `node test/tools/write-client.ts`. */
const api = JSON.parse(JSON.stringify(describeApi("https://rollcall.invalid"))) as ApiDocument; // made by ourselves
writeFileSync(join(import.meta.dirname, "../../.github/examples/rollcall-client.ts"), printClient(api));
