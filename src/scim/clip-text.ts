/** At most `limit` characters (UTF-16 code units) of a text, cut between whole characters; a cut text ends in an ellipsis. */
export function clipText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = Math.max(0, limit - 1);
  return `${text.slice(0, isFirstHalf(text.charCodeAt(end - 1)) ? end - 1 : end)}…`;
}

/** Whether a code unit is the first of two that make up a character. */
function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
