/** The list of the observables of a case or an alert: columns, filters and what they are called. */
import { Query } from '../api/query';
import type { Observable } from '../api/types';
import type { ListDefinition } from '../lists/definition';
import { any, quick, yes } from '../lists/shorthand';
import type { Owner } from './changes';
import { nameOf } from './words';

export const observableList = (of: Owner): ListDefinition<Observable> => ({
  entity: 'observable',
  noun: { one: 'observable', many: 'observables' },
  model: 'observable',
  objectType: 'Observable',
  rootId: of._id,
  start: () => Query.get(of.kind === 'case' ? 'getCase' : 'getAlert', of._id).then('observables'),
  extraData: ['seenSummary'],
  columns: [
    { id: 'type', label: 'Type', sort: 'dataType', width: '104px' },
    { id: 'data', label: 'Value', sort: 'data' },
    { id: 'tags', label: 'Tags', width: '18%', from: 660 },
    { id: 'seen', label: 'Seen elsewhere', width: '142px', from: 700 },
    { id: 'tlp', label: 'TLP', sort: 'tlp', width: '160px', from: 900 },
    { id: 'createdAt', label: 'Added', sort: '_createdAt', width: '140px', from: 560 },
  ],
  fields: [
    { name: 'dataType', label: 'Type', type: 'enumeration' },
    { name: 'data', label: 'Value', type: 'string', cardinality: 'option' },
    { name: 'tags', label: 'Tags', type: 'string', cardinality: 'list' },
    { name: 'ioc', label: 'IOC', type: 'boolean' },
    { name: 'sighted', label: 'Sighted', type: 'boolean' },
    { name: 'sightedAt', label: 'Sighted at', type: 'date', cardinality: 'option' },
    { name: 'ignoreSimilarity', label: 'Ignored for similarity', type: 'boolean' },
    { name: 'tlp', label: 'TLP', type: 'integer' },
    { name: 'pap', label: 'PAP', type: 'integer' },
    { name: 'message', label: 'Description', type: 'string', cardinality: 'option' },
    { name: 'attachment.name', label: 'File name', type: 'string', cardinality: 'option' },
    { name: 'attachment.hashes', label: 'File hash', type: 'string', cardinality: 'list' },
    { name: '_createdAt', label: 'Added', type: 'date' },
    { name: '_createdBy', label: 'Added by', type: 'user' },
  ],
  quickFilters: [
    quick('IOC', () => yes('ioc')),
    quick('Sighted', () => yes('sighted')),
    quick('Files', () => any('dataType', 'file')),
  ],
  statistics: [
    { title: 'Observables by type', field: 'dataType' },
    {
      title: 'IOC',
      field: 'ioc',
      label: (value) => (value === 'true' ? 'IOC' : 'No IOC'),
      condition: (value) => ({ field: 'ioc', operator: value === 'true' ? 'yes' : 'no', values: [] }),
    },
  ],
  defaultSort: { field: '_createdAt', direction: 'desc' },
  addLabel: 'Add observables',
  emptyText: 'Paste a report, a mail or a list: addresses, names and hashes in it are found for you.',
  nameOf,
});
