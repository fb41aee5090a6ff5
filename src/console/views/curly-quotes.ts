/** A text of another room, which has straight quotes around names, as the console sets it. */
export function curly(text: string): string {
  return text.replace(/"([^"]*)"/g, "“$1”");
}
