/** A quoted text, or what an opening quote without its other one begins: nothing is looked through twice. */
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)("?)/g;

/**
 * A text of another room, which has straight quotes around names and may escape quotes in them, as the console sets it: in
 * curly quotes, the name as it is.
 */
export function curly(text: string): string {
  return text.replace(QUOTED, (quoted, name: string, end: string) =>
    end === "" ? quoted : `“${name.replace(/\\(["\\])/g, "$1")}”`,
  );
}
