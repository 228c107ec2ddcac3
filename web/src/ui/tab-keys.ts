/** The digits that lead to the first nine tabs of a page, and the others for the palette. */
import type { Binding } from '../keys';
import { place } from '../location.svelte';

export const tabKeys = (tabs: readonly { label: string; href: string }[]): Binding[] =>
  tabs.map(({ label, href }, index) => ({
    scope: 'page',
    keys: index < 9 ? [String(index + 1)] : [],
    label: `Tab ${label}`,
    action: () => place.go(href),
  }));
