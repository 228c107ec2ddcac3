/** Every screen, and the people who see them. */
import { ADMIN, ANALYST, READER } from '../harness/lab.js';
import { caseScreens } from './case.js';
import { caseListScreens, taskListScreens } from './cases.js';
import { ownScreens } from './own.js';
import { door, platformScreens } from './platform.js';
import { troubleScreens } from './troubles.js';

export const NEWCOMER = { login: 'newcomer@example.org', password: 'Newcomer-2026', name: 'Nora Newcomer' };

/** By the name that a screen's `as` has; nobody is not signed in. */
export const VIEWERS = { platform: ADMIN, analyst: ANALYST, reader: READER, newcomer: NEWCOMER };

export const screens = [
  ...door,
  ...platformScreens,
  ...caseListScreens,
  ...caseScreens,
  ...taskListScreens,
  ...ownScreens,
  ...troubleScreens,
];
