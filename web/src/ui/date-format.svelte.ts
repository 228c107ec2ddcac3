/** How dates are written; a choice of the person, English months by default. Kept in this browser too. */

export const DATE_FORMATS = ['words', 'iso', 'day-first', 'month-first'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

const KEY = 'skep.date-format';

class Dates {
  format = $state<DateFormat>(read());

  choose(format: DateFormat): void {
    this.format = format;
    if (typeof localStorage !== 'undefined') localStorage.setItem(KEY, format);
  }
}

function read(): DateFormat {
  const kept = typeof localStorage === 'undefined' ? null : localStorage.getItem(KEY);
  return DATE_FORMATS.find((format) => format === kept) ?? 'words';
}

export const dates = new Dates();
