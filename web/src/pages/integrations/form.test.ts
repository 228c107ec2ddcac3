import { describe, expect, it } from 'vitest';
import type { Server } from '../../api/types';
import { inputOf, missingIn, NO_SECRETS, testOf, updateOf, valuesOf } from './form';
import { optionValuesOf } from './misp/options';

const filled = { ...valuesOf('cortex'), name: ' main ', url: ' https://cortex ' };
const keyed = { ...NO_SECRETS, key: ' k ' };
const cleared = { ...NO_SECRETS, clearsProxy: true };

const server = (change: Partial<Server> = {}): Server => ({
  _id: '~1',
  _type: 'IntegrationServer',
  _createdAt: 0,
  _createdBy: 'admin',
  kind: 'cortex',
  name: 'main',
  url: 'https://cortex',
  hasProxy: true,
  isEnabled: false,
  includedOrganisations: ['*'],
  excludedOrganisations: ['other'],
  acceptsAnyCertificate: true,
  caCertificate: 'PEM\n',
  timeMaxS: 20,
  options: {},
  ...change,
});

describe('the form of a server', () => {
  it('says what it lacks', () => {
    expect(missingIn(valuesOf('cortex'), keyed, true)).toBe('Name is required');
    expect(missingIn({ ...filled, url: ' ' }, keyed, true)).toBe('Address is required');
    expect(missingIn(filled, { ...NO_SECRETS, key: ' ' }, true)).toBe('Key is required');
    expect(missingIn(filled, NO_SECRETS, false)).toBeUndefined();
    expect(missingIn({ ...filled, isForAll: false }, keyed, true)).toBe('Choose who may use it');
    expect(missingIn({ ...filled, timeMaxS: 'soon' }, keyed, true)).toBe(
      'Times and limits are whole numbers',
    );
  });

  it('lacks what the product needs beside', () => {
    const values = { ...filled, misp: { ...optionValuesOf(), maxAgeDays: '0' } };
    expect(missingIn(values, keyed, true)).toBe('Times and limits are whole numbers');
  });

  it('gives back what it was made of', () => {
    expect(updateOf(valuesOf('cortex', server()), NO_SECRETS)).toEqual({
      name: 'main',
      url: 'https://cortex',
      isEnabled: false,
      includedOrganisations: ['*'],
      excludedOrganisations: ['other'],
      acceptsAnyCertificate: true,
      caCertificate: 'PEM\n',
      timeMaxS: 20,
    });
  });

  it('has whoever is on both lists on neither', () => {
    const values = valuesOf('cortex', server({ includedOrganisations: ['one', 'other'] }));
    const lists = { includedOrganisations: ['one'], excludedOrganisations: [] };
    expect(updateOf(values, NO_SECRETS)).toMatchObject(lists);
  });

  it('sends what is typed, and no secret that is not', () => {
    const input = inputOf('cortex', filled, keyed);
    expect(input).toMatchObject({
      kind: 'cortex',
      name: 'main',
      url: 'https://cortex',
      key: 'k',
      timeMaxS: 30,
    });
    for (const absent of ['proxy', 'caCertificate', 'options']) expect(input).not.toHaveProperty(absent);
    expect(inputOf('misp', { ...filled, ...valuesOf('misp') }, keyed)).toHaveProperty('options');
    const update = updateOf({ ...filled, timeMaxS: '' }, NO_SECRETS);
    for (const absent of ['key', 'proxy']) expect(update).not.toHaveProperty(absent);
    expect(update).toMatchObject({ caCertificate: null, timeMaxS: 30 });
  });

  it.each(['cortex', 'misp'] as const)('takes the proxy from a server of %s, or gives it another', (kind) => {
    const values = valuesOf(kind, server({ kind }));
    expect(updateOf(values, cleared).proxy).toBeNull();
    expect(updateOf(values, { ...cleared, proxy: ' http://p ' }).proxy).toBe('http://p');
  });

  it('tries what is to be kept', () => {
    expect(testOf('cortex', filled, NO_SECRETS, '~1')).toEqual({
      kind: 'cortex',
      id: '~1',
      url: 'https://cortex',
      acceptsAnyCertificate: false,
      timeMaxS: 30,
    });
    expect(testOf('misp', filled, keyed)).toMatchObject({ kind: 'misp', key: 'k' });
    expect(testOf('cortex', filled, cleared, '~1')).toBeUndefined();
    expect(testOf('cortex', filled, { ...cleared, key: 'k' }, '~1')).not.toHaveProperty('id');
    expect(testOf('cortex', filled, { ...cleared, proxy: 'http://p' }, '~1')).toMatchObject({ id: '~1' });
  });
});
