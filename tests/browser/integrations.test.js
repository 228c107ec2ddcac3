/** Servers of Cortex and MISP, how reports are shown, and a responder that acts on a log. */
import { describe } from 'node:test';
import { provision } from './harness/lab.js';
import { stage } from './harness/scene.js';
import { analyzerTemplates } from './integrations/analyzer-templates.js';
import { responders } from './integrations/responders.js';
import { servers } from './integrations/servers.js';

describe('integrations', () => {
  const on = stage({ layOut: provision });

  servers(on);
  analyzerTemplates(on);
  responders(on);
});
