/**
 * Where the person is, in words. Pages with more to say than their route's title call
 * `breadcrumb.set([{ label: 'Cases', href: '/cases' }, { label: '#12 Phishing' }])`
 * in an effect; going to another page clears it.
 */
export interface Crumb {
  label: string;
  href?: string;
}

class Breadcrumb {
  crumbs = $state.raw<readonly Crumb[]>([]);

  set(crumbs: readonly Crumb[]): void {
    this.crumbs = crumbs;
  }

  clear(): void {
    this.crumbs = [];
  }
}

export const breadcrumb = new Breadcrumb();
