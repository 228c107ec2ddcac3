/** The tabs of the integrations, each with an address and the right that it needs. */
import type { Right } from '../../api/types';

interface IntegrationTab {
  id: 'cortex' | 'analyzer-templates' | 'misp';
  label: string;
  href: string;
  needs: Right;
}

export const INTEGRATION_TABS: readonly [IntegrationTab, ...IntegrationTab[]] = [
  { id: 'cortex', label: 'Cortex', href: '/integrations', needs: 'managePlatform' },
  {
    id: 'analyzer-templates',
    label: 'Analyzer templates',
    href: '/integrations/analyzer-templates',
    needs: 'manageAnalyzerTemplate',
  },
  { id: 'misp', label: 'MISP', href: '/integrations/misp', needs: 'managePlatform' },
];
