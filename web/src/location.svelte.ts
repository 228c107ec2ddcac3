/**
 * Where the UI is: path, search, and the drawers that are open, all held in the URL
 * so that reload restores and Back undoes. `?drawer=new` opens the page's drawer
 * `new`, `?drawer=preview:~12` one about an object; a second `drawer` lies on top.
 */
interface HistoryState {
  /** This entry was made by opening a drawer here, so closing it may go back. */
  opened?: true;
}

export interface OpenDrawer {
  name: string;
  id: string | undefined;
}

const DEPTH = 2;

class Place {
  path = $state(window.location.pathname);
  search = $state(window.location.search);
  readonly drawers = $derived(parseDrawers(this.search));

  private goingBack = false;

  constructor() {
    window.addEventListener('popstate', () => {
      this.goingBack = false;
      this.read();
    });
    document.addEventListener('click', (event) => this.follow(event));
  }

  get params(): URLSearchParams {
    return new URLSearchParams(this.search);
  }

  /** Goes to a path (with search) of this UI. */
  go(href: string, how: { replace?: boolean } = {}): void {
    this.write(href, how.replace === true, null);
    if (!how.replace) window.scrollTo(0, 0);
  }

  /** Changes parts of the search; undefined or empty removes one. Replaces the history entry unless told to push. */
  setSearch(changes: Record<string, string | undefined>, how: { push?: boolean } = {}): void {
    const params = this.params;
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined || value === '') params.delete(name);
      else params.set(name, value);
    }
    const state = window.history.state as HistoryState | null;
    this.write(this.path + readableSearch(params), how.push !== true, how.push ? null : state);
  }

  openDrawer(name: string, id?: string): void {
    if (this.drawers.length >= DEPTH) return;
    const params = this.params;
    params.append('drawer', id === undefined ? name : `${name}:${id}`);
    this.write(this.path + readableSearch(params), false, { opened: true });
  }

  /** Puts another object into the drawer on top, e.g. the next task. */
  replaceDrawer(name: string, id?: string): void {
    const open = this.drawers.slice(0, -1).map(encodeDrawer);
    this.writeDrawers([...open, encodeDrawer({ name, id })], window.history.state as HistoryState | null);
  }

  /** Closes the drawer on top: Back where opening it made the entry, else by rewriting the URL. */
  closeDrawer(): void {
    if (this.drawers.length === 0 || this.goingBack) return;
    if ((window.history.state as HistoryState | null)?.opened) {
      this.goingBack = true;
      window.history.back();
      return;
    }
    this.writeDrawers(this.drawers.slice(0, -1).map(encodeDrawer), null);
  }

  /** The open drawer of that name, if any. */
  drawer(name: string): OpenDrawer | undefined {
    return this.drawers.find((drawer) => drawer.name === name);
  }

  private writeDrawers(open: string[], state: HistoryState | null): void {
    const params = this.params;
    params.delete('drawer');
    for (const drawer of open) params.append('drawer', drawer);
    this.write(this.path + readableSearch(params), true, state);
  }

  private write(href: string, replace: boolean, state: HistoryState | null): void {
    if (replace) window.history.replaceState(state, '', href);
    else window.history.pushState(state, '', href);
    this.read();
  }

  private read(): void {
    this.path = window.location.pathname;
    this.search = window.location.search;
  }

  /** Plain clicks on links of this UI move without a page load; all others are the browser's. */
  private follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link?.href || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== window.location.origin || url.pathname.startsWith('/api/')) return;
    if (url.hash && url.pathname === this.path) return;
    event.preventDefault();
    this.go(url.pathname + url.search);
  }
}

function parseDrawers(search: string): OpenDrawer[] {
  return new URLSearchParams(search)
    .getAll('drawer')
    .slice(0, DEPTH)
    .map((text) => {
      const colon = text.indexOf(':');
      return colon < 0
        ? { name: text, id: undefined }
        : { name: text.slice(0, colon), id: text.slice(colon + 1) };
    });
}

const encodeDrawer = ({ name, id }: OpenDrawer): string => (id === undefined ? name : `${name}:${id}`);

/** A search string a person can read: only what would change its meaning is escaped. */
export function readableSearch(params: URLSearchParams): string {
  const parts = [...params].map(([name, value]) => `${escape(name)}=${escape(value)}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

const escape = (text: string): string =>
  encodeURIComponent(text).replace(/%(3A|2C|3B|40|7E|2F|7C)/g, (code) => decodeURIComponent(code));

export const place = new Place();
