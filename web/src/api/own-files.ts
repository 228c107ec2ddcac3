/**
 * Files of ours in a rendered text. The server makes a link of each; the browser would ask for it without saying in
 * which organisation. A picture takes the place of its link, any other file is saved when its link is followed.
 */
import { requestHeaders } from './client';
import { picture } from './pictures';

const OURS = /^\/api(?:\/v1)?\/attachment\/([^/?#]+)(?:\/download)?$/;

/** The reference of the attachment that a link leads to, if it is one of ours. */
export const ownFile = (href: string | null): string | undefined => OURS.exec(href ?? '')?.[1];

/** For the element that holds rendered text. */
export function showOwnFiles(element: HTMLElement): void {
  for (const link of element.querySelectorAll('a')) {
    const reference = ownFile(link.getAttribute('href'));
    if (reference !== undefined) void show(link, `/api/v1/attachment/${reference}`);
  }
}

async function show(link: HTMLAnchorElement, path: string): Promise<void> {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    void save(path, link.textContent);
  });
  const address = await picture(path);
  if (address?.startsWith('data:image/') !== true) return;
  const image = document.createElement('img');
  image.src = address;
  image.alt = link.textContent;
  link.replaceWith(image);
}

async function save(path: string, name: string): Promise<void> {
  const response = await fetch(`${path}/download`, { headers: requestHeaders({ Accept: '*/*' }) });
  if (!response.ok) return;
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
