/** The lists of similar cases and of similar alerts: columns, filters and what they are called. */
import { alertFields, alertQuickFilters } from '../alerts/filters';
import { Query } from '../api/query';
import { caseFields, caseQuickFilters } from '../cases/filters';
import type { ListDefinition } from '../lists/definition';
import type { Owner } from '../observables/changes';
import { readSimilar, type Side, type Similar } from './read';
import { hrefOf, nameOf } from './words';

const SIDES = {
  cases: {
    noun: { one: 'similar case', many: 'similar cases' },
    model: 'case',
    objectType: 'Case',
    fields: caseFields,
    quickFilters: caseQuickFilters,
  },
  alerts: {
    noun: { one: 'similar alert', many: 'similar alerts' },
    model: 'alert',
    objectType: 'Alert',
    fields: alertFields,
    // None that went into a case is similar to anything.
    quickFilters: alertQuickFilters.filter(({ label }) => label !== 'Imported'),
  },
} as const;

/** `withActions` keeps room for what can be done with each. */
export const similarList = <S extends Side>(
  of: Owner,
  side: S,
  withActions: boolean,
): ListDefinition<Similar<S>> => ({
  ...SIDES[side],
  entity: `${of.kind}.similar.${side}`,
  within: ['Observable'],
  // What the filters are about; the rows are read otherwise.
  start: () => Query.list(side === 'cases' ? 'listCase' : 'listAlert') as unknown as Query<Similar<S>>,
  read: (filter, signal) => readSimilar(of, side, filter, signal),
  columns: [
    { id: 'status', label: 'Status', width: '134px' },
    { id: 'title', label: 'Title' },
    {
      id: 'common',
      label: 'In common',
      width: '114px',
      hint: 'How many of its observables, and IOCs among them',
    },
    { id: 'types', label: 'By type', width: '20%', from: 720 },
    // Where there is no room for it, the eye of the row opens the same.
    { id: 'all', label: '', width: '76px', from: 680 },
    { id: 'created', label: 'Created', width: '98px', from: 920 },
    ...(withActions ? [{ id: 'action', label: '', width: '94px' }] : []),
  ],
  // They come with the most in common first.
  defaultSort: { field: 'similarObservableCount', direction: 'desc' },
  nameOf: ({ entity }) => nameOf(entity),
  hrefOf: ({ entity }) => hrefOf(entity),
});
