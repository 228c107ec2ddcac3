/** axe on the screens of an analyst: by themselves, so that they are looked at beside the others. */
import { describe } from 'node:test';
import { axeFindsNothing } from './screens/axe.js';

describe('axe finds nothing', () => axeFindsNothing((as) => as === 'analyst'));
