import * as z from 'zod';
import { type AnyFunction, everyOperation, type HttpFunction } from '../../shared/platform/definition.ts';
import type { Operation } from '../../shared/platform/operation.ts';
import { type ProblemCode, problems } from '../../shared/protocol/problems.ts';
import { exampleOf } from './example.ts';
import type { JsonSchema } from './fields.ts';

/** Every function can answer these, whatever its entry says. */
const always: readonly ProblemCode[] = ['INVALID_INPUT', 'METHOD_NOT_ALLOWED', 'INTERNAL', 'UNAVAILABLE'];
const withBytes: readonly ProblemCode[] = ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
const withBody: readonly ProblemCode[] = ['MALFORMED_JSON', 'BAD_ENCODING', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
const whenWriting: readonly ProblemCode[] = ['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_IN_PROGRESS'];

/** The codes an operation can answer, sorted by status. */
export function problemsOf(method: string, operation: Operation): ProblemCode[] {
  const codes = new Set<ProblemCode>([...always, ...(operation.problems ?? [])]);
  if (operation.uploads) for (const code of withBytes) codes.add(code);
  else if (method !== 'GET') for (const code of withBody) codes.add(code);
  if (operation.writes) for (const code of whenWriting) codes.add(code);
  if (operation.access === 'session') codes.add('UNAUTHENTICATED');
  if (operation.rules?.length) codes.add('RATE_LIMITED');
  return [...codes].sort((a, b) => problems[a].status - problems[b].status || a.localeCompare(b));
}

/** The OpenAPI 3.1 document of every function that clients call. */
export function openApi(registry: readonly AnyFunction[], version: string) {
  const paths: Record<string, unknown> = {};
  for (const entry of registry) if (entry.trigger === 'http') Object.assign(paths, pathItems(entry));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Nightvault',
      version,
      summary: 'Self-hosted, end-to-end-encrypted project-data sync',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:8080', description: 'The local stack' }],
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'http',
          scheme: 'bearer',
          description: 'The SRP session key K as 64 lower-case hex characters',
        },
        sessionHeader: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Session-Id',
          description: 'The same, as older clients send it',
        },
        writeKey: {
          type: 'http',
          scheme: 'basic',
          description: 'The analytics write key of the deployment as user name, no password; or `writeKey` in the body',
        },
        operator: {
          type: 'http',
          scheme: 'bearer',
          description: 'An identity token of Google, of an account that IAM lets invoke the function',
        },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem document',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(problems) },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

function pathItems(entry: HttpFunction) {
  const places = Map.groupBy(everyOperation(entry), ({ place }) => place);
  return Object.fromEntries(
    [...places].map(([place, operations]) => [
      `/${place}`,
      Object.fromEntries(
        operations.map(({ method, operation }) => [
          method.toLowerCase(),
          describe(operationId(place, method, operations.length, operation.page !== undefined), method, operation),
        ]),
      ),
    ]),
  );
}

/** The function's name, with the path below it; the reading one of several at one place has its method in its name. */
function operationId(place: string, method: string, operations: number, isPage: boolean): string {
  const reading = operations > 1 && method === 'GET' ? '-get' : '';
  return place.replaceAll('/', '-') + (method === 'GET' && isPage ? '-page' : reading);
}

function describe(id: string, method: string, operation: Operation) {
  const { query, headers, body } = inputOf(method, operation);
  const parameters = [
    ...fieldParameters(query, 'query'),
    ...fieldParameters(headers, 'header'),
    ...(operation.writes ? [idempotencyKey] : []),
  ];
  return {
    operationId: id,
    summary: operation.summary,
    ...(operation.about === undefined ? {} : { description: operation.about }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(method === 'GET' ? {} : { requestBody: { content: bodyContent(operation, body) } }),
    security: security[operation.access],
    responses: { ...successResponses(operation), ...problemResponses(problemsOf(method, operation), operation) },
  };
}

const nothing: JsonSchema = { type: 'object', properties: {} };

/** What an operation takes, by where it stands. */
export function inputOf(method: string, operation: Operation) {
  const input = schemaOf(operation.input, 'input');
  const inHeaders = (name: string) => operation.headers?.includes(name) ?? false;
  const headers = operation.headers === undefined ? nothing : pick(input, inHeaders);
  const rest = operation.headers === undefined ? input : pick(input, (name) => !inHeaders(name));
  const inQuery = method === 'GET' || operation.uploads === true;
  return { headers, query: inQuery ? rest : nothing, body: inQuery ? nothing : rest };
}

const security = {
  public: [],
  writeKey: [{ writeKey: [] }],
  session: [{ session: [] }, { sessionHeader: [] }],
  internal: [{ operator: [] }],
} as const satisfies Record<Operation['access'], unknown>;

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Names one logical call, so that a retry within 24 hours gets its first answer again',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** An object with some of its fields only; what is no object stays as it is. */
function pick(schema: JsonSchema, keep: (name: string) => boolean): JsonSchema {
  const { properties, required } = schema;
  if (properties === undefined) return schema;
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => keep(name))),
    ...(required && { required: required.filter(keep) }),
  };
}

function fieldParameters({ properties = {}, required = [] }: JsonSchema, where: 'query' | 'header') {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: where,
    required: required.includes(name),
    schema,
  }));
}

const bytesContent = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };

function bodyContent({ form, uploads }: Operation, schema: JsonSchema) {
  if (uploads) return bytesContent;
  const content = { schema, example: exampleOf(schema) };
  return { 'application/json': content, ...(form ? { 'application/x-www-form-urlencoded': { schema } } : {}) };
}

const asPage = { 'text/html': { schema: { type: 'string' } } };

function successResponses(operation: Operation) {
  const { success, output, page, file, csv } = operation;
  if (success === 204) return { 204: { description: 'Done' } };
  if (operation.streams) {
    return {
      200: { description: 'One document, streamed', content: { 'application/json': { schema: { type: 'object' } } } },
    };
  }
  if (file) return { 200: { description: 'The file', content: { '*/*': { schema: { type: 'string' } } } } };
  if (output === undefined) {
    return { 200: { description: 'The whole', content: bytesContent }, 206: { description: 'The range asked for' } };
  }
  const content = {
    ...(page?.when === 'always' ? {} : { 'application/json': { schema: schemaOf(output, 'output') } }),
    ...(page === undefined ? {} : asPage),
    ...(csv === undefined ? {} : { 'text/csv': { schema: { type: 'string' } } }),
  };
  return { [success]: { description: 'Success', content } };
}

function problemResponses(codes: readonly ProblemCode[], { page }: Operation) {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      {
        description: list.map((code) => `\`${code}\`: ${problems[code].title}`).join('; '),
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          ...(page?.drawInvalid && list.includes('INVALID_INPUT') ? asPage : {}),
        },
      },
    ]),
  );
}

export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
