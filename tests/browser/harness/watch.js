/**
 * Looks over a page's shoulder: errors in its console, exceptions, violations of the
 * content security policy, dialogs that a page should never open, and requests to any
 * other host. A test that meets one fails, unless it said beforehand that it would.
 */
export class Watch {
  problems = [];
  expected = [];

  constructor(host) {
    this.host = host;
  }

  /** From now on messages like this are no problem, e.g. the browser's own line about a refused request. */
  expect(pattern) {
    this.expected.push(pattern);
  }

  /** Watches every page of the context, those opened later too. */
  async follow(context) {
    context.on('request', (request) => this.request(request.url()));
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

  /** Fails with what was seen since the last look. */
  check() {
    const seen = this.problems.splice(0);
    if (seen.length > 0) throw new Error(`the page was not quiet:\n  ${seen.join('\n  ')}`);
  }
}
