/** The pages of "Entities management", in the order that people know. One that is not in the route table is left out. */
import { session } from '../api/session.svelte';
import type { Right } from '../api/types';
import { exists } from '../routes';

export interface EntityTab {
  id: string;
  label: string;
  href: string;
  needs: Right;
}

const TABS: readonly EntityTab[] = [
  { id: 'profiles', label: 'Profiles', href: '/profiles', needs: 'manageProfile' },
  { id: 'custom-fields', label: 'Custom fields', href: '/custom-fields', needs: 'manageCustomField' },
  {
    id: 'observable-types',
    label: 'Observable types',
    href: '/observable-types',
    needs: 'manageObservableTemplate',
  },
  { id: 'case-statuses', label: 'Case statuses', href: '/case-statuses', needs: 'managePlatform' },
  { id: 'alert-statuses', label: 'Alert statuses', href: '/alert-statuses', needs: 'managePlatform' },
  {
    id: 'analyzer-templates',
    label: 'Analyzer templates',
    href: '/integrations/analyzer-templates',
    needs: 'manageAnalyzerTemplate',
  },
  { id: 'taxonomies', label: 'Taxonomies', href: '/taxonomies', needs: 'manageTaxonomy' },
  { id: 'attack-patterns', label: 'Attack patterns', href: '/attack-patterns', needs: 'managePattern' },
];

/** Those that there are, and that this person may use unless `all` are asked for. */
export function entityTabs(all = false): EntityTab[] {
  return TABS.filter(({ href, needs }) => exists(href) && (all || session.can(needs)));
}
