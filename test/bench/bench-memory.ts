import type { BenchArguments } from "./arguments.ts";
export async function benchMemory(_args: BenchArguments): Promise<string> {
  return "";
}
