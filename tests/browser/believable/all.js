/** Lays out the whole believable platform; with the people who look at it. */
import { NEWCOMER } from '../screens/all.js';
import { layOutCases } from './cases.js';
import { layOutPlatform } from './platform.js';
import { portraits } from './portrait.js';

export async function layOut(url, browser) {
  const ask = await layOutPlatform(url, await portraits(browser));
  await ask.platform.post('/api/v1/user', {
    ...NEWCOMER,
    organisation: 'Stadtwerke Mittelrhein',
    profile: 'org-admin',
  });
  await layOutCases(url, ask);
}
