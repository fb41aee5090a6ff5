/** A style sheet without its comments and the white space that means nothing; a space that says "inside of" stays. */
export function squeezeStyle(css: string): string {
  return css
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};]) ?/g, "$1")
    .replace(/([:,]) /g, "$1")
    .trim();
}
