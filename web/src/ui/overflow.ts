/** Which of several things in a row there is room for. Pure; `Tabs.svelte` measures. */

/**
 * The places of those that are shown, in their order: all when they fit, else as many from the left as leave room for the
 * button with the others. The current one is always among them, in place of the last that would fit.
 */
export function fitting(
  widths: readonly number[],
  room: number,
  { gap, more, current }: { gap: number; more: number; current: number },
): number[] {
  const all = [...widths.keys()];
  const needed = (places: readonly number[]) =>
    places.reduce((sum, at) => sum + (widths[at] ?? 0) + gap, 0) - gap;
  if (needed(all) <= room) return all;
  const kept = all[current] === undefined ? [] : [current];
  for (const at of all) {
    if (at === current) continue;
    if (needed([...kept, at]) + gap + more > room) break;
    kept.push(at);
  }
  return kept.sort((one, other) => one - other);
}
