/** Every screen, and the people who see them. */
import { ADMIN, ANALYST, READER } from '../harness/lab.js';
import { alertScreens } from './alerts.js';
import { caseScreens } from './case.js';
import { caseListScreens, taskListScreens } from './cases.js';
import { organisationScreens } from './organisation.js';
import { ownScreens } from './own.js';
import { door, platformScreens } from './platform.js';
import { techniqueScreens } from './techniques.js';
import { reportingScreens } from './reporting.js';
import { troubleScreens } from './troubles.js';

export const NEWCOMER = { login: 'newcomer@example.org', password: 'Newcomer-2026', name: 'Nora Newcomer' };

/** Manages the organisation of the analyst. */
const MANAGER = { login: 'priya.raman@example.org', password: 'Believable-2026', name: 'Priya Raman' };

/** By the name that a screen's `as` has; nobody is not signed in. */
export const VIEWERS = {
  platform: ADMIN,
  analyst: ANALYST,
  reader: READER,
  newcomer: NEWCOMER,
  manager: MANAGER,
};

export const screens = [
  ...door,
  ...platformScreens,
  ...alertScreens,
  ...caseListScreens,
  ...caseScreens,
  ...techniqueScreens,
  ...taskListScreens,
  ...organisationScreens,
  ...reportingScreens,
  ...ownScreens,
  ...troubleScreens,
];
