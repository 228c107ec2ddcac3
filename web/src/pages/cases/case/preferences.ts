/** Small choices a person made about the case page, kept in this browser. */

export interface Preference {
  read: () => boolean;
  write: (on: boolean) => void;
}

export function preference(name: string, otherwise: boolean): Preference {
  const key = `skep.case.${name}`;
  return {
    read: () => {
      const kept = localStorage.getItem(key);
      return kept === null ? otherwise : kept === 'on';
    },
    write: (on) => localStorage.setItem(key, on ? 'on' : 'off'),
  };
}
