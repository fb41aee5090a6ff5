/** Vite's import of many files at once, as far as the tests use it. */
interface ImportMeta {
  glob<Content>(pattern: string, options: { eager: true; import: "default"; query?: "?raw" }): Record<string, Content>;
}
