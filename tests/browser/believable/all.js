/** Lays out the whole believable platform; with the people who look at it. */
import { NEWCOMER } from '../screens/all.js';
import { layOutAlerts } from './alerts.js';
import { layOutCases } from './cases.js';
import { layOutPlatform } from './platform.js';
import { portraits } from './portrait.js';
import { layOutServers } from './servers.js';
import { layOutWords } from './vocabulary.js';
import { layOutSharing, mergeTwo } from './sharing.js';

export async function layOut(url, browser) {
  const ask = await layOutPlatform(url, await portraits(browser));
  await ask.platform.post('/api/v1/user', {
    ...NEWCOMER,
    // One that nobody shares with.
    organisation: 'Northwind Logistics',
    profile: 'org-admin',
  });
  await layOutWords(url, ask);
  await layOutCases(url, ask);
  await layOutSharing(ask);
  await mergeTwo(ask);
  await layOutAlerts(ask);
  await layOutServers(ask);
}
