/** Names for logins: the people of the current organisation, read once and on demand. */
import { Query } from './query';
import type { User } from './types';

/** Owns what every installation has; no user that anyone could look at. */
export const SYSTEM_LOGIN = 'system@thehive.local';

class People {
  private byLogin = $state.raw<ReadonlyMap<string, User>>(new Map());
  private loading: Promise<void> | undefined;

  /** The person's name, or the login until (or unless) it is known. */
  name(login: string | undefined): string {
    if (login === undefined) return '';
    if (login === SYSTEM_LOGIN) return 'Skep';
    return this.byLogin.get(login)?.name ?? login;
  }

  /** Who that is, once the directory is read and if they are in it. */
  find(login: string | undefined): User | undefined {
    return login === undefined ? undefined : this.byLogin.get(login);
  }

  get all(): User[] {
    return [...this.byLogin.values()];
  }

  /** Reads the directory unless it is there already. */
  load(): Promise<void> {
    this.loading ??= this.read().catch(() => {
      // Names are a comfort: logins are shown meanwhile, and the next page asks again.
      this.loading = undefined;
    });
    return this.loading;
  }

  /** After a change of organisation or of a user. */
  forget(): void {
    this.loading = undefined;
    this.byLogin = new Map();
  }

  private async read(): Promise<void> {
    const users = await Query.list('listUser').sort(['name', 'asc']).run();
    this.byLogin = new Map(users.map((user) => [user.login, user]));
  }
}

export const people = new People();
