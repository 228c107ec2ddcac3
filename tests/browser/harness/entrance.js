/**
 * What signing in leaves in a browser, made by the API once per person: for tests that
 * are not about the door.
 */
export class Entrance {
  sessions = new Map();

  constructor(url) {
    this.url = url;
  }

  /** The storage of a browser in which that person works in that organisation, or in their default one. */
  async storageOf({ login, password }, organisation) {
    const known = this.sessions.get(login);
    const session = (known && (await this.look(known))) ?? (await this.signIn(login, password));
    const { cookie, document } = session;
    this.sessions.set(login, session);
    const [name, value] = cookie.split('=');
    const place = document.organisations.find((one) => one.organisation === organisation);
    return {
      cookies: [
        {
          name,
          value,
          domain: new URL(this.url).hostname,
          path: '/',
          expires: -1,
          httpOnly: true,
          secure: false,
          sameSite: 'Strict',
        },
      ],
      origins: place
        ? [
            {
              origin: this.url,
              localStorage: [{ name: 'skep.organisation', value: place.organisationId }],
            },
          ]
        : [],
    };
  }

  async signIn(user, password) {
    const response = await fetch(`${this.url}/api/v1/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ user, password }),
    });
    if (!response.ok) throw new Error(`${user} was not let in: ${response.status} ${await response.text()}`);
    const [cookie] = response.headers.getSetCookie()[0].split(';');
    const session = await this.look({ cookie });
    if (!session) throw new Error(`the session of ${user} does not hold`);
    return session;
  }

  /** The session as it is now; nothing when a test has ended it. */
  async look({ cookie }) {
    const response = await fetch(`${this.url}/api/skep/v1/session`, { headers: { Cookie: cookie } });
    return response.ok ? { cookie, document: await response.json() } : undefined;
  }
}
