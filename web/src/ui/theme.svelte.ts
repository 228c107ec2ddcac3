/** Light, dark or as the system says; and how dense lists are. Kept in this browser. */

export type Theme = 'light' | 'dark' | 'system';
export type Density = 'dense' | 'comfortable';

const THEME = 'skep.theme';
const DENSITY = 'skep.density';

class Appearance {
  theme = $state<Theme>(read(THEME, ['light', 'dark', 'system'], 'system'));
  density = $state<Density>(read(DENSITY, ['dense', 'comfortable'], 'dense'));

  private readonly systemDark = window.matchMedia('(prefers-color-scheme: dark)');

  constructor() {
    this.systemDark.addEventListener('change', () => this.apply());
    this.apply();
  }

  chooseTheme(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem(THEME, theme);
    this.apply();
  }

  chooseDensity(density: Density): void {
    this.density = density;
    localStorage.setItem(DENSITY, density);
    this.apply();
  }

  private apply(): void {
    const dark = this.theme === 'dark' || (this.theme === 'system' && this.systemDark.matches);
    const { dataset } = document.documentElement;
    dataset['theme'] = dark ? 'dark' : 'light';
    dataset['density'] = this.density;
  }
}

function read<T extends string>(key: string, allowed: readonly T[], otherwise: T): T {
  const kept = localStorage.getItem(key);
  return allowed.find((value) => value === kept) ?? otherwise;
}

export const appearance = new Appearance();
