/** A person's hand: points, types, and counts the clicks it takes. */
export class Hand {
  clicks = 0;

  constructor(page) {
    this.page = page;
  }

  async click(target, options) {
    await target.click(options);
    this.clicks += 1;
  }

  /** Types into a field; a click goes to it first unless the cursor is there already. */
  async type(field, text) {
    const focused = await field.evaluate((element) => element === document.activeElement);
    if (!focused) await this.click(field);
    await this.page.keyboard.insertText(text);
  }

  /** Chooses in a native select: one click opens it, one takes the option. */
  async choose(select, label) {
    await select.selectOption({ label });
    this.clicks += 2;
  }

  press(keys) {
    return this.page.keyboard.press(keys);
  }
}
