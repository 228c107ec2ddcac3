/** The products whose servers the program works with, in words. */
import type { Server } from '../../api/types';

export interface Product {
  kind: Server['kind'];
  name: string;
  /** What its servers are for, in a line. */
  about: string;
  /** What it would bring, where there is none. */
  teaches: string;
  address: string;
  /** What the name of a server is good for. */
  nameHint: string;
  keyHint: string;
  /** What becomes of what it did, when it is removed. */
  removal: string;
}

export const CORTEX: Product = {
  kind: 'cortex',
  name: 'Cortex',
  about: 'Analyzers of these servers look at observables, responders act on cases, alerts and tasks.',
  teaches:
    'With the address of a Cortex server and a key of an account there, analyzers look at observables, and responders act on cases, alerts and tasks.',
  address: 'https://cortex.example.org:9001',
  nameHint: 'Jobs name the server by it',
  keyHint: 'The API key of a user in Cortex',
  removal: 'What it did stays. Jobs that it is still working on will fail.',
};

export const MISP: Product = {
  kind: 'misp',
  name: 'MISP',
  about: 'Events of these servers become alerts, cases become their events.',
  teaches:
    'With the address of a MISP server and a key of an account there, its events come in as alerts and cases can be shared with it.',
  address: 'https://misp.example.org',
  nameHint: 'Cases are exported to it under this name',
  keyHint: 'The authentication key of an account on that server',
  removal:
    'Alerts and cases that came of its events stay. What was read is forgotten: if it is added again, its events are read from the beginning, and find the alerts that are there.',
};
