import type { Life } from "./life.ts";

/** What befalls people and groups, and how it must end; users as "userName status", target groups with their members. */
export interface Story {
  title: string;
  tell(life: Life): Promise<void>;
  people: string[];
  targets: Record<string, string[]>;
  /** How often the feed must tell of a type, where the story turns on it. */
  feed?: Record<string, number>;
}
