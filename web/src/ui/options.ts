/** What a person can choose from, and finding it by typing. */

export interface Option {
  value: string;
  label: string;
  /** A second, fainter text, e.g. the login beside a name. */
  detail?: string;
}

/** Options whose label or detail holds every typed word; those that start with it come first. */
export function findOptions(options: readonly Option[], typed: string): Option[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...options];
  const text = (option: Option) => `${option.label} ${option.detail ?? ''}`.toLowerCase();
  const fitting = options.filter((option) => words.every((word) => text(option).includes(word)));
  const startsFirst = (option: Option) => (text(option).startsWith(words.join(' ')) ? 0 : 1);
  return fitting.sort((a, b) => startsFirst(a) - startsFirst(b));
}
