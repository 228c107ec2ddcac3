/** axe on the screens of everybody else. */
import { describe } from 'node:test';
import { axeFindsNothing } from './screens/axe.js';

describe('axe finds nothing', () => axeFindsNothing((as) => as !== 'analyst'));
