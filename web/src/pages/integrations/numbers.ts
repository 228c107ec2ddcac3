/** Numbers that are typed. Pure. */

/** The number; none where nothing is typed, or something else. */
export function numberIn(text: string): number | undefined {
  const number = Number(text.trim());
  return text.trim() === '' || !Number.isFinite(number) ? undefined : number;
}

/** Whether it is a whole number from one, or nothing. */
export function isCount(text: string): boolean {
  const number = numberIn(text);
  return text.trim() === '' || (number !== undefined && Number.isInteger(number) && number > 0);
}
