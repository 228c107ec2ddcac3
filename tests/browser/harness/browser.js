/** Chromium, and a visit: one person's private window on the program. */
import { chromium } from 'playwright-core';
import { Hand } from './hand.js';
import { Watch } from './watch.js';

const CHROMIUM = process.env.SKEP_CHROMIUM ?? '/usr/bin/chromium';
const PATIENCE = 60_000;
/** The browser's own conversations would be taken for the page's. */
const QUIET = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** `options` are playwright's. */
export function launch(options = {}) {
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET, ...options });
}

export class Visit {
  static async open(browser, url, { theme = 'light', size = [1280, 720], ...options } = {}) {
    const context = await browser.newContext({
      baseURL: url,
      viewport: { width: size[0], height: size[1] },
      colorScheme: theme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      ...options,
    });
    context.setDefaultTimeout(PATIENCE);
    const watch = new Watch(new URL(url).host);
    await watch.follow(context);
    return new Visit(context, watch, await context.newPage());
  }

  constructor(context, watch, page) {
    this.context = context;
    this.watch = watch;
    this.page = page;
    this.hand = new Hand(page);
  }

  /** Signs in as a person does, and waits for the page behind the door. */
  async signIn({ login, password }) {
    const { page } = this;
    // Asking whether somebody is signed in already is answered by a refusal, which the browser notes.
    this.watch.expect(/status of 401/);
    await page.goto('/');
    await page.getByLabel('Login').fill(login);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Let me in' }).click();
    await page.getByTestId('user-menu').waitFor();
  }

  /** Works in another of one's organisations. */
  async switchTo(organisation) {
    await this.page.getByTestId('org-switch').click();
    await this.page.getByRole('menuitemradio', { name: organisation }).click();
    await this.page.getByRole('button', { name: `Switch organization, current: ${organisation}` }).waitFor();
  }

  close() {
    return this.context.close();
  }
}
