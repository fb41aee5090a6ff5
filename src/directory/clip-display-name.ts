/** The longest name, in characters, that a group or a member is shown by where it is only named. */
const LONGEST_DISPLAY = 256;

/** The name that a group or a member is shown by where it is only named: cut, in whole characters. */
export function clipDisplay(name: string): string {
  if (name.length <= LONGEST_DISPLAY) return name;
  return Array.from(name.slice(0, 2 * LONGEST_DISPLAY))
    .slice(0, LONGEST_DISPLAY)
    .join("");
}

/** The same in SQL. */
export function clippedDisplay(name: string): string {
  return `substr(${name}, 1, ${LONGEST_DISPLAY})`;
}
