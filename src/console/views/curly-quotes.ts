/**
 * A quoted text, or what an opening quote without its other one begins, so that nothing is looked through twice; or an
 * apostrophe outside of both.
 */
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)("?)|(?<=\p{L})'(?=\p{L})|(?<=s)'(?= \p{L})/gu;

/**
 * A text of another room, which has straight quotes around names and may escape quotes in them, as the console sets it: in
 * curly quotes, the name as it is, and with the apostrophe of print.
 */
export function curly(text: string): string {
  return text.replace(QUOTED, (found, name: string | undefined, end: string | undefined) => {
    if (name === undefined) return "’";
    return end === "" ? found : `“${name.replace(/\\(["\\])/g, "$1")}”`;
  });
}

/** A cause of a hold in curly quotes: it has one name, which keeps the quotes of its own, or one that has become another. */
export function curlyCause(cause: string): string {
  const [first, last] = [cause.indexOf('"'), cause.lastIndexOf('"')];
  if (first === last) return cause;
  const names = cause.slice(first + 1, last).replaceAll('" is now "', "” is now “");
  return `${cause.slice(0, first)}“${names}”${cause.slice(last + 1)}`;
}

/** A piece of a sentence as the beginning of one. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
