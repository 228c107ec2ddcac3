/**
 * Who is signed in, in which organisation, with which rights. The organisation is
 * chosen per tab, so that two tabs can work in two organisations; a new tab starts
 * in the last one chosen.
 */
import { api, onSessionEnded, useOrganisation } from './client';
import { drafts } from './drafts';
import { events } from './events.svelte';
import { mispServers } from './misp-servers.svelte';
import { people } from './people.svelte';
import { ApiProblem } from './problem';
import type { Right, SessionDocument, SessionPlace } from './types';

const CHOICE = 'skep.organisation';

/** The organisation that runs the platform; it holds no cases. */
export const ADMIN_ORGANISATION = 'admin';

export type SessionState = 'loading' | 'signedOut' | 'ready' | 'unreachable';

class Session {
  state = $state<SessionState>('loading');
  current = $state.raw<SessionDocument | undefined>(undefined);
  /** True while the sign-in dialog lies over a page whose session has ended. */
  ended = $state(false);

  private resume: ((signedIn: boolean) => void) | undefined;

  constructor() {
    onSessionEnded(() => this.askForSignIn());
  }

  get login(): string {
    return this.current?.user.login ?? '';
  }

  get isAdminOrganisation(): boolean {
    return this.current?.organisation.name === ADMIN_ORGANISATION;
  }

  get organisations(): SessionPlace[] {
    return this.current?.organisations ?? [];
  }

  can(permission: Right): boolean {
    return this.current?.permissions.includes(permission) ?? false;
  }

  /** Asks the server who we are; ends in `ready`, `signedOut` or `unreachable`. */
  async load(): Promise<void> {
    useOrganisation(readChoice());
    try {
      this.enter(await this.fetchSession());
    } catch (thrown) {
      const status = thrown instanceof ApiProblem ? thrown.status : 0;
      if (status === 401) this.leave();
      else if (this.state === 'loading') this.state = 'unreachable';
      else throw thrown;
    }
  }

  async signIn(user: string, password: string, code?: string): Promise<void> {
    const body = code ? { user, password, code } : { user, password };
    await api.post('/api/v1/login', { body, reauthenticate: false });
    const wasEnded = this.ended;
    await this.load();
    this.ended = false;
    if (wasEnded) this.finishAsking(true);
  }

  async signOut(): Promise<void> {
    await api.post('/api/v1/logout', { reauthenticate: false });
    // A full reload, so that nothing of this session stays in memory for the Back button.
    location.replace('/login');
  }

  /** Moves this tab to another of the user's organisations. */
  async switchOrganisation(organisationId: string): Promise<void> {
    const before = readChoice();
    writeChoice(organisationId);
    try {
      await this.load();
    } catch (thrown) {
      if (before) writeChoice(before);
      useOrganisation(before);
      throw thrown;
    }
  }

  /** Reads the session again after something about the user changed. */
  async refresh(): Promise<void> {
    this.current = await this.fetchSession();
  }

  /** The dialog's way out: give up the page and go to the login page. */
  abandon(): void {
    this.finishAsking(false);
    location.replace('/login');
  }

  private async fetchSession(): Promise<SessionDocument> {
    const get = () => api.get('/api/skep/v1/session', { reauthenticate: false });
    try {
      return await get();
    } catch (thrown) {
      // The remembered organisation may be gone or another user's: fall back to the default one.
      if (!(thrown instanceof ApiProblem) || thrown.status !== 403) throw thrown;
      forgetChoice();
      useOrganisation(undefined);
      return get();
    }
  }

  private enter(document: SessionDocument): void {
    const moved = this.current?.organisation._id !== document.organisation._id;
    this.current = document;
    this.state = 'ready';
    writeChoice(document.organisation._id);
    useOrganisation(document.organisation._id);
    drafts.forUser(document.user.login);
    if (moved) {
      people.forget();
      mispServers.forget();
    }
    events.start();
  }

  private leave(): void {
    events.stop();
    this.current = undefined;
    this.state = 'signedOut';
  }

  private askForSignIn(): Promise<boolean> {
    if (this.state !== 'ready') return Promise.resolve(false);
    this.ended = true;
    return new Promise((resolve) => (this.resume = resolve));
  }

  private finishAsking(signedIn: boolean): void {
    this.ended = false;
    this.resume?.(signedIn);
    this.resume = undefined;
  }
}

function readChoice(): string | undefined {
  return sessionStorage.getItem(CHOICE) ?? localStorage.getItem(CHOICE) ?? undefined;
}

function writeChoice(organisationId: string): void {
  sessionStorage.setItem(CHOICE, organisationId);
  localStorage.setItem(CHOICE, organisationId);
}

function forgetChoice(): void {
  sessionStorage.removeItem(CHOICE);
  localStorage.removeItem(CHOICE);
}

export const session = new Session();
