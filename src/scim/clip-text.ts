/** At most `limit` characters (UTF-16 code units) of a text, cut between whole characters; a cut text ends in an ellipsis. */
export function clipText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 1);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
