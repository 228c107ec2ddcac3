/**
 * Looks over a page's shoulder: errors in its console, exceptions, violations of the
 * content security policy, dialogs that a page should never open, and requests to any
 * other host. A test that meets one fails, unless it said beforehand that it would.
 */
import { eventually } from './eventually.js';

/** The live feed stays open. */
const ENDLESS = '/api/skep/v1/events';

export class Watch {
  problems = [];
  expected = [];
  underWay = new Set();

  constructor(host) {
    this.host = host;
  }

  /** From now on messages like this are no problem, e.g. the browser's own line about a refused request. */
  expect(pattern) {
    this.expected.push(pattern);
  }

  /** Watches every page of the context, those opened later too. */
  async follow(context) {
    context.on('request', (request) => {
      this.request(request.url());
      if (!request.url().includes(ENDLESS)) this.underWay.add(request);
    });
    for (const end of ['requestfinished', 'requestfailed']) {
      context.on(end, (request) => this.underWay.delete(request));
    }
    context.on('page', (page) => this.page(page));
    await context.exposeBinding('toldViolation', (_, violation) => this.note(`CSP: ${violation}`));
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        window.toldViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
      });
    });
  }

  page(page) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.note(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.note(`exception: ${error.stack ?? error.message}`));
    page.on('dialog', (dialog) => {
      this.note(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  request(address) {
    const { protocol, host } = new URL(address);
    if (['data:', 'blob:'].includes(protocol) || host === this.host) return;
    this.note(`request to another host: ${address}`);
  }

  note(problem) {
    if (!this.expected.some((pattern) => pattern.test(problem))) this.problems.push(problem);
  }

  /** Waits until the page has got all that it asked for. */
  async settled() {
    await eventually(() => {
      const [first] = this.underWay;
      if (first) throw new Error(`still under way: ${first.url()}`);
    });
  }

  /** What was seen since the last look, and what the page still waits for. */
  told() {
    const waiting = [...this.underWay].map((request) => `waits for ${request.url()}`);
    return [...this.problems, ...waiting].join('; ') || 'nothing';
  }

  /** Fails with what was seen since the last look. */
  check() {
    const seen = this.problems.splice(0);
    if (seen.length > 0) throw new Error(`the page was not quiet:\n  ${seen.join('\n  ')}`);
  }
}
