/** Where things are on the screen, by the names that a person and a screen reader know them by. */

/** The links of the rail, or the one of that name. */
export function rail(page, name) {
  const links = page.getByRole('navigation', { name: 'Main' });
  return name === undefined ? links.getByRole('link') : links.getByRole('link', { name, exact: true });
}

export function drawer(page, title) {
  return page.getByRole('dialog', { name: title, exact: true });
}

/** A text field; its label may end in a star, which is no part of its name. */
export function field(within, label) {
  return within.getByRole('textbox', { name: label, exact: true });
}

/** The row of a list that has this text. */
export function rowOf(page, text) {
  return page.locator('tbody').getByRole('row').filter({ hasText: text });
}

export function toast(page, text) {
  return page.getByRole('region', { name: 'Notifications' }).getByText(text);
}

/** A tab of the page that there is room for. */
export function tab(page, name) {
  return page.getByRole('main').getByRole('link', { name });
}

/** Goes to a tab, wherever it is: in the line, or in the menu at its end. */
export async function openTab(page, name) {
  const more = page.getByRole('main').getByRole('button', { name: 'More', exact: true });
  await tab(page, name).or(more).first().waitFor();
  if (await tab(page, name).isVisible()) return tab(page, name).click();
  await more.click();
  await page.getByRole('menuitem', { name }).click();
}
