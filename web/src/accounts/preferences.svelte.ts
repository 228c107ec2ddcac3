/**
 * What a person chose about the UI: theme, density, dates, first page. Kept by the
 * server (`/api/v1/config/user/ui.…`), so that it is the same in every browser; this
 * browser keeps a copy, so that a page starts as it was left.
 */
import { api } from '../api/client';
import { DATE_FORMATS, dates, type DateFormat } from '../ui/date-format.svelte';
import { appearance, type Density, type Theme } from '../ui/theme.svelte';
import { toastProblem } from '../ui/toasts.svelte';

const HOME = 'skep.home';
const PREFIX = 'ui';

type Name = 'theme' | 'density' | 'dateFormat' | 'home';

class Preferences {
  /** The path of the first page; empty for the first entry of the rail. */
  home = $state(localStorage.getItem(HOME) ?? '');
  /** Whether the server has been asked. */
  loaded = $state(false);

  private of: string | undefined;

  /** Takes over what the server keeps for a user, once; without an answer this browser's copy holds. */
  async load(login: string): Promise<void> {
    if (this.of === login) return;
    this.of = login;
    try {
      const settings = await api.get('/api/v1/config/user', { query: { path: PREFIX } });
      for (const { path, value } of settings) this.apply(path.slice(PREFIX.length + 1), value);
    } catch {
      // Nothing is lost: the choices of this browser stay.
    } finally {
      this.loaded = true;
    }
  }

  chooseTheme(theme: Theme): void {
    appearance.chooseTheme(theme);
    this.store('theme', theme);
  }

  chooseDensity(density: Density): void {
    appearance.chooseDensity(density);
    this.store('density', density);
  }

  chooseDateFormat(format: DateFormat): void {
    dates.choose(format);
    this.store('dateFormat', format);
  }

  chooseHome(path: string): void {
    this.keepHome(path);
    this.store('home', path);
  }

  private apply(name: string, value: unknown): void {
    const theme = (['light', 'dark', 'system'] as const).find((known) => known === value);
    const density = (['dense', 'comfortable'] as const).find((known) => known === value);
    const format = DATE_FORMATS.find((known) => known === value);
    if (name === 'theme' && theme) appearance.chooseTheme(theme);
    else if (name === 'density' && density) appearance.chooseDensity(density);
    else if (name === 'dateFormat' && format) dates.choose(format);
    else if (name === 'home' && typeof value === 'string') this.keepHome(value);
  }

  private keepHome(path: string): void {
    this.home = path;
    localStorage.setItem(HOME, path);
  }

  private store(name: Name, value: string): void {
    const path = { path: `${PREFIX}.${name}` };
    api.put('/api/v1/config/user/{path}', { path, body: { value } }).catch(toastProblem);
  }
}

export const preferences = new Preferences();
