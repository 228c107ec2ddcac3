/** The three kinds of shelves, each with its endpoints. */
import { api } from '../api/client';
import { Query } from '../api/query';
import type { Page } from '../api/types';
import type { Source } from './shelf.svelte';

/** A template is written and read like a page. */
const asPage = (found: object | undefined): Page | undefined => found as Page | undefined;

export const casePages = (caseReference: string, caseId: string): Source => ({
  key: `case:${caseReference}:pages`,
  objectType: 'Page',
  rootId: caseId,
  headers: (from, to) =>
    Query.get('getCase', caseReference).then('pages').sort(['order', 'asc']).headers(from, to).run(),
  read: (id) => Query.get('getCase', caseReference).then('pages').filter({ _id: id }).first(),
  create: (body) => api.post('/api/v1/case/{caseId}/page', { path: { caseId: caseReference }, body }),
  change: (pageId, body) =>
    api.patch('/api/v1/case/{caseId}/page/{pageId}', { path: { caseId: caseReference, pageId }, body }),
  remove: (pageId) =>
    api.delete('/api/v1/case/{caseId}/page/{pageId}', { path: { caseId: caseReference, pageId } }),
});

export const knowledgeBase: Source = {
  key: 'knowledge-base',
  objectType: 'Page',
  headers: (from, to) => Query.list('listOrganisationPage').sort(['order', 'asc']).headers(from, to).run(),
  read: (id) => Query.list('listOrganisationPage').filter({ _id: id }).first(),
  create: (body) => api.post('/api/v1/page', { body }),
  change: (pageId, body) => api.patch('/api/v1/page/{pageId}', { path: { pageId }, body }),
  remove: (pageId) => api.delete('/api/v1/page/{pageId}', { path: { pageId } }),
};

export const pageTemplates: Source = {
  key: 'page-templates',
  objectType: 'PageTemplate',
  headers: (from, to) => Query.list('listPageTemplate').sort(['order', 'asc']).headers(from, to).run(),
  read: async (id) => asPage(await Query.get('getPageTemplate', id).first()),
  create: (body) => api.post('/api/v1/pageTemplate', { body }),
  change: (pageTemplateId, body) =>
    api.patch('/api/v1/pageTemplate/{pageTemplateId}', { path: { pageTemplateId }, body }),
  remove: (pageTemplateId) =>
    api.delete('/api/v1/pageTemplate/{pageTemplateId}', { path: { pageTemplateId } }),
};
