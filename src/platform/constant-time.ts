/** Whether two texts are equal, in a time that depends only on their lengths. */
export function equalsInConstantTime(left: string, right: string): boolean {
  let difference = left.length ^ right.length;
  // Beyond the end of `right`, which has another length then, any unit will do.
  for (let index = 0; index < left.length; index += 1)
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index % right.length);
  return difference === 0;
}
