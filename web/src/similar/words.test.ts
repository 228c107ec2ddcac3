import { describe, expect, it } from 'vitest';
import type { Alert, Case } from '../api/types';
import { countedWords, countWords, hrefOf, nameOf } from './words';

describe('countWords', () => {
  it('says that there are more than were counted', () => {
    expect([0, 99, 100].map(countWords)).toEqual(['0', '99', '99+']);
    expect([countedWords(1, 'cases'), countedWords(2, 'alerts')]).toEqual(['1 case', '2 alerts']);
  });
});

describe('what a case and an alert are called and where they are', () => {
  it('knows one from the other', () => {
    const one = { _id: '~1', number: 12, title: 'Phishing' } as Case;
    const alert = { _id: '~2', title: 'Beacon' } as Alert;
    expect([nameOf(one), hrefOf(one)]).toEqual(['#12 - Phishing', '/cases/12']);
    expect([nameOf(alert), hrefOf(alert)]).toEqual(['Beacon', '/alerts/~2']);
  });
});
