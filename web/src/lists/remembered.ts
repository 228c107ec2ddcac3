/** Small choices a person made about a list, kept in this browser per entity. */

type Choice = 'sort' | 'size' | 'statistics' | 'columns';

const key = (entity: string, choice: Choice): string => `skep.list.${entity}.${choice}`;

export const remembered = {
  read(entity: string, choice: Choice): string | null {
    return localStorage.getItem(key(entity, choice));
  },

  write(entity: string, choice: Choice, value: string): void {
    localStorage.setItem(key(entity, choice), value);
  },
};
