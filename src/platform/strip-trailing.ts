/** A text without the characters of one kind that end it, however many: an expression for it would look from each of them on. */
export function withoutTrailing(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}
