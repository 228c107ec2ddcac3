/** The list with one element moved by a step; unchanged at the ends. */
export function moved<T>(list: readonly T[], index: number, step: 1 | -1): T[] {
  const next = [...list];
  const target = index + step;
  const element = next[index];
  if (element === undefined || target < 0 || target >= next.length) return next;
  next.splice(index, 1);
  next.splice(target, 0, element);
  return next;
}
