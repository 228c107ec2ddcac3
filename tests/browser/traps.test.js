/** Where readers of the lab stumble, and what TheHive got wrong: each trap of the walkthrough as a test. */
import { describe } from 'node:test';
import { provision } from './harness/lab.js';
import { stage } from './harness/scene.js';
import { accounts } from './traps/accounts.js';
import { addresses } from './traps/addresses.js';
import { endedSession } from './traps/ended-session.js';
import { mandatoryTasks } from './traps/mandatory-tasks.js';
import { meanwhile } from './traps/meanwhile.js';
import { narrowWindow } from './traps/narrow-window.js';
import { timeZones } from './traps/time-zones.js';
import { wrongPasswords } from './traps/wrong-passwords.js';

describe('traps', () => {
  const on = stage({ layOut: provision });

  accounts(on);
  endedSession(on);
  meanwhile(on);
  mandatoryTasks(on);
  addresses(on);
  timeZones(on);
  narrowWindow(on);
  wrongPasswords(on);
});
