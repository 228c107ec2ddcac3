import { describe, expect, test } from 'vitest';
import {
  curlOf,
  descriptionOf,
  exampleOf,
  groupsOf,
  propertiesOf,
  search,
  typeOf,
  type OpenApi,
} from './openapi';

const document: OpenApi = {
  info: { version: '1' },
  tags: [{ name: 'User' }, { name: 'Case' }],
  paths: {
    '/api/v1/case': {
      post: {
        tags: ['Case'],
        summary: 'Create a case.',
        'x-permission': 'manageCase/create',
        requestBody: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/NewCase' } } },
        },
        responses: { '201': { description: 'It', content: {} } },
      },
    },
    '/api/v1/user/{id}': {
      get: { tags: ['User'], summary: 'Read a user.' },
      delete: { tags: ['User'], summary: 'Lock a user.' },
    },
    '/api/health': { get: { security: [] } },
  },
  components: {
    schemas: {
      NewCase: {
        type: 'object',
        required: ['title', 'severity'],
        properties: {
          title: { type: 'string', minLength: 1, maxLength: 512 },
          severity: { type: 'integer', minimum: 1, maximum: 4 },
          tags: { type: 'array', items: { type: 'string' } },
          parent: { oneOf: [{ type: 'null' }, { $ref: '#/components/schemas/NewCase' }] },
          owner: { oneOf: [{ type: 'null' }, { type: 'string', description: 'who has it' }] },
          assignee: { type: ['string', 'null'], description: "the analyst's login" },
        },
      },
    },
  },
};
const groups = groupsOf(document);

test('operations are in groups, in the order of the tags, those without one last', () => {
  expect(groups.map(({ tag, operations }) => [tag, operations.map(({ method }) => method)])).toEqual([
    ['User', ['GET', 'DELETE']],
    ['Case', ['POST']],
    ['Other', ['GET']],
  ]);
});

test('finding needs every word, in any part', () => {
  const found = (typed: string) =>
    search(groups, typed).flatMap(({ operations }) => operations.map(({ path }) => path));
  expect(found('post case')).toEqual(['/api/v1/case']);
  expect(found('managecase')).toEqual(['/api/v1/case']);
  expect(found('lock user')).toEqual(['/api/v1/user/{id}']);
  expect(found('nothing such')).toEqual([]);
  expect(found('')).toHaveLength(4);
});

test('who may call it is a permission, anyone signed in, or everyone', () => {
  const all = groups.flatMap(({ operations }) => operations.map(({ access }) => access));
  expect(all).toEqual(['signed in', 'signed in', 'manageCase/create', 'no sign-in needed']);
});

describe('a schema', () => {
  const schema = { $ref: '#/components/schemas/NewCase' };

  test('says what each value is', () => {
    const types = Object.fromEntries(
      propertiesOf(schema, document).map(({ name, schema: inner }) => [name, typeOf(inner, document)]),
    );
    expect(types).toEqual({
      title: 'text, 1 to 512 characters',
      severity: 'whole number, 1 to 4',
      tags: 'list of text',
      parent: 'NewCase',
      owner: 'text',
      assignee: 'text',
    });
    expect(typeOf({ type: 'array', items: schema }, document)).toBe('list of NewCase');
    expect(typeOf({ enum: ['a', 1] }, document)).toBe('"a" | 1');
    expect(typeOf({}, document)).toBe('anything');
  });

  test('is described where it is used, or by its type', () => {
    const properties = propertiesOf(schema, document);
    const said = (name: string) => {
      const property = properties.find((one) => one.name === name);
      return property && descriptionOf(property.schema, document);
    };
    expect(said('owner')).toBe('who has it');
    expect(said('assignee')).toBe("the analyst's login");
    expect(said('title')).toBe('');
  });

  test('marks what is required', () => {
    const required = propertiesOf(schema, document).filter((property) => property.required);
    expect(required.map(({ name }) => name)).toEqual(['title', 'severity']);
  });

  test('has an example with what is required, and one that names itself ends', () => {
    expect(exampleOf(schema, document)).toEqual({ title: '…', severity: 1 });
    const endless: OpenApi = {
      ...document,
      components: {
        schemas: {
          Node: {
            type: 'object',
            required: ['next'],
            properties: { next: { $ref: '#/components/schemas/Node' } },
          },
        },
      },
    };
    expect(JSON.stringify(exampleOf({ $ref: '#/components/schemas/Node' }, endless))).toContain('next');
  });
});

test('the command carries the key, the type and the body', () => {
  const operation = groups[1]?.operations[0];
  if (!operation) throw new Error('there is a group of cases');
  const command = curlOf(operation, document, 'http://localhost:9000');
  expect(command).toContain(`curl -X POST 'http://localhost:9000/api/v1/case'`);
  expect(command).toContain(`-H 'Authorization: Bearer <API key>'`);
  expect(command).toContain('"severity": 1');
});
