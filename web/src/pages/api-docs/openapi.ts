/**
 * Reads the server's OpenAPI document: operations in groups, finding them, an example
 * for the command line, and what a schema says. Pure; the page draws it.
 */

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  default?: unknown;
}

interface Media {
  schema?: Schema;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required?: boolean;
  description?: string;
  schema?: Schema;
}

interface RawOperation {
  operationId?: string;
  tags?: string[];
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content?: Record<string, Media> };
  responses?: Record<string, { description?: string; content?: Record<string, Media> }>;
  /** Empty: open to everyone. */
  security?: unknown[];
  /** The permission it needs; our own extension. */
  'x-permission'?: string;
}

export interface OpenApi {
  info: { title?: string; version: string; description?: string };
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, RawOperation>>;
  components?: { schemas?: Record<string, Schema> };
}

export interface Body {
  type: string;
  schema: Schema | undefined;
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  /** Who may call it: a permission, or words. */
  access: string;
  parameters: Parameter[];
  body: Body | undefined;
  responses: { status: string; description: string; body: Body | undefined }[];
}

export interface Group {
  tag: string;
  description: string;
  operations: Operation[];
}

export const OPEN = 'no sign-in needed';
export const SIGNED_IN = 'signed in';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The operations by their first tag, in the order of the document's tags and then of their names. */
export function groupsOf(document: OpenApi): Group[] {
  const groups = new Map<string, Operation[]>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const raw = item[method];
      if (!raw) continue;
      const tag = raw.tags?.[0] ?? 'Other';
      groups.set(tag, [...(groups.get(tag) ?? []), operationOf(path, method, raw)]);
    }
  }
  const order = (document.tags ?? []).map(({ name }) => name);
  const rank = (tag: string) => (order.includes(tag) ? order.indexOf(tag) : order.length);
  return [...groups]
    .map(([tag, operations]) => ({
      tag,
      description: document.tags?.find(({ name }) => name === tag)?.description ?? '',
      operations,
    }))
    .sort((a, b) => rank(a.tag) - rank(b.tag) || a.tag.localeCompare(b.tag));
}

function operationOf(path: string, method: string, raw: RawOperation): Operation {
  return {
    id: `${method}-${path}`,
    method: method.toUpperCase(),
    path,
    summary: raw.summary ?? '',
    description: raw.description === raw.summary ? '' : (raw.description ?? ''),
    access: raw['x-permission'] ?? (raw.security?.length === 0 ? OPEN : SIGNED_IN),
    parameters: raw.parameters ?? [],
    body: bodyOf(raw.requestBody?.content),
    responses: Object.entries(raw.responses ?? {}).map(([status, response]) => ({
      status,
      description: response.description ?? '',
      body: bodyOf(response.content),
    })),
  };
}

function bodyOf(content: Record<string, Media> | undefined): Body | undefined {
  const [first] = Object.entries(content ?? {});
  return first && { type: first[0], schema: first[1].schema };
}

/** The groups with only those operations that hold every typed word. */
export function search(groups: readonly Group[], typed: string): Group[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...groups];
  const fits = (operation: Operation, tag: string) => {
    const { method, path, summary, description, access } = operation;
    const text = [tag, method, path, summary, description, access].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups
    .map((group) => ({ ...group, operations: group.operations.filter((one) => fits(one, group.tag)) }))
    .filter((group) => group.operations.length > 0);
}

/** The schema that a reference names, and its name. */
export function resolve(schema: Schema, document: OpenApi): { schema: Schema; name: string | undefined } {
  const name = schema.$ref?.replace('#/components/schemas/', '');
  const target = name === undefined ? undefined : document.components?.schemas?.[name];
  if (target) return { schema: target, name };
  // `oneOf: [null, X]` is how an optional reference is written.
  const alternatives = (schema.oneOf ?? schema.anyOf ?? []).filter(({ type }) => type !== 'null');
  const [only] = alternatives;
  return only && alternatives.length === 1 ? resolve(only, document) : { schema, name };
}

/** What a value is, in a few words: "text, 1 to 64 characters", "list of Case". */
export function typeOf(given: Schema, document: OpenApi): string {
  const { schema, name } = resolve(given, document);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives) return alternatives.map((one) => typeOf(one, document)).join(' or ');
  const types = [schema.type ?? []].flat();
  if (types.includes('array')) return `list of ${schema.items ? typeOf(schema.items, document) : 'anything'}`;
  if (schema.properties ?? schema.allOf) return name ?? 'object';
  const words = types.filter((type) => type !== 'null').map((type) => WORDS[type] ?? type);
  if (words.length === 0) return name ?? 'anything';
  return [words.join(' or '), schema.format, limits(schema)].filter(Boolean).join(', ');
}

const WORDS: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
};

function limits({ minLength = 0, maxLength, minimum, maximum }: Schema): string {
  if (maxLength !== undefined) return `${String(minLength)} to ${String(maxLength)} characters`;
  if (minimum !== undefined && maximum !== undefined) return `${String(minimum)} to ${String(maximum)}`;
  if (minimum !== undefined) return `at least ${String(minimum)}`;
  return maximum === undefined ? '' : `at most ${String(maximum)}`;
}

/** What is said of a value: where it is used, or at the type it is of. */
export function descriptionOf(given: Schema, document: OpenApi): string {
  const alternatives = given.oneOf ?? given.anyOf ?? [];
  const said = [given, ...alternatives].find(({ description }) => description !== undefined);
  return said?.description ?? resolve(given, document).schema.description ?? '';
}

export interface Property {
  name: string;
  schema: Schema;
  required: boolean;
}

/** What an object has; of a list, what each of its elements has. */
export function propertiesOf(given: Schema, document: OpenApi): Property[] {
  const { schema } = resolve(given, document);
  if (schema.items) return propertiesOf(schema.items, document);
  const own = Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    schema: property,
    required: schema.required?.includes(name) ?? false,
  }));
  return [...(schema.allOf ?? []).flatMap((part) => propertiesOf(part, document)), ...own];
}

/** A command that calls it, with the places to fill in. */
export function curlOf(operation: Operation, document: OpenApi, origin: string): string {
  const { method, path, access, parameters, body } = operation;
  const asked = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const query = asked.map(({ name }) => `${name}=…`).join('&');
  const lines = [`curl ${method === 'GET' ? '' : `-X ${method} `}'${origin}${path}${query && `?${query}`}'`];
  if (access !== OPEN) lines.push(`-H 'Authorization: Bearer <API key>'`);
  if (body?.type === 'application/json') {
    lines.push(`-H 'Content-Type: application/json'`);
    const example = JSON.stringify(exampleOf(body.schema ?? {}, document), null, 2);
    lines.push(`-d '${example.replaceAll("'", `'\\''`)}'`);
  }
  return lines.join(' \\\n  ');
}

const DEPTH = 4;

/** A value of the right shape, with what is required. */
export function exampleOf(given: Schema, document: OpenApi, depth = 0): unknown {
  const { schema } = resolve(given, document);
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  const [alternative] = schema.oneOf ?? schema.anyOf ?? [];
  if (alternative) return depth > DEPTH ? null : exampleOf(alternative, document, depth + 1);
  const [type] = [schema.type ?? []].flat();
  if (type === 'array') {
    return schema.items && depth < DEPTH ? [exampleOf(schema.items, document, depth + 1)] : [];
  }
  const properties = propertiesOf(schema, document);
  if (type === 'object' || properties.length > 0) {
    if (depth > DEPTH) return {};
    const required = properties.filter((property) => property.required);
    const shown = required.length > 0 ? required : properties.slice(0, 1);
    return Object.fromEntries(
      shown.map(({ name, schema: inner }) => [name, exampleOf(inner, document, depth + 1)]),
    );
  }
  if (type === 'integer' || type === 'number') return schema.minimum ?? 0;
  if (type === 'boolean') return false;
  return type === 'string' ? '…' : null;
}
