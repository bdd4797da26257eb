import { type AnyFunction, everyOperation, type PlacedOperation } from '../../shared/platform/definition.ts';
import type { Access, Operation } from '../../shared/platform/operation.ts';
import { problems } from '../../shared/protocol/problems.ts';
import { notice, rateLimitTable } from './documents.ts';
import { exampleOf } from './example.ts';
import { fieldsOf, type JsonSchema } from './fields.ts';
import { callerOf, storeRoles } from './iam.ts';
import type { DescribedFunction } from './manifest.ts';
import { inputOf, problemsOf, schemaOf } from './openapi.ts';

/** All there is to know of one function: how it is called, and as what it is deployed. */
export function functionPage(entry: AnyFunction, described: DescribedFunction, source: string): string {
  const calls = entry.trigger === 'http' ? everyOperation(entry).flatMap(operationLines) : triggerLines(entry);
  return [notice, `# ${entry.name}`, '', ...calls, ...deployedLines(described, source)].join('\n');
}

const callers = {
  public: 'Anybody may call it.',
  session: 'It needs a session: `Authorization: Bearer TOKEN`, or `X-Session-Id: TOKEN`.',
  writeKey:
    'It needs the write key of the deployment: as user name of Basic authentication, or as `writeKey` in the body.',
  internal: 'For operators: it needs an identity token of an account that IAM lets invoke it.',
} as const satisfies Record<Access, string>;

function operationLines({ place, method, operation }: PlacedOperation): string[] {
  const input = inputOf(method, operation);
  const { query, headers, body } = input;
  const takesJson = method !== 'GET' && !operation.uploads;
  return [
    `## \`${method} /${place}\``,
    '',
    `${operation.summary}.`,
    '',
    ...paragraph(operation.about?.replaceAll(/docs\/([a-z-]+\.md)/g, '[docs/$1](../$1)')),
    ...paragraph([callers[operation.access], operation.writes ? idempotent : ''].filter(Boolean).join(' ')),
    ...inputTable('Query', query),
    ...inputTable('Header', headers),
    ...(takesJson ? inputTable('Field', body) : []),
    '```sh',
    ...command({ place, method, operation }, input),
    '```',
    '',
    ...answerLines(operation),
    ...rulesLines(operation),
    ...problemLines(method, operation),
  ];
}

const idempotent = 'It writes: with an `Idempotency-Key`, a retry within 24 hours gets the first answer again.';

const paragraph = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : [text, '']);

function inputTable(title: string, schema: JsonSchema): string[] {
  const rows = fieldsOf(schema).map(
    ({ name, type, required, description }) => `| \`${name}\` | ${type} | ${required} | ${description} |`,
  );
  if (rows.length === 0) return [];
  return [`| ${title} | type | needed | |`, '| --- | --- | --- | --- |', ...rows, ''];
}

/** What to type, with the least that is needed. */
function command({ place, method, operation }: PlacedOperation, input: ReturnType<typeof inputOf>): string[] {
  const { output, success, streams, file } = operation;
  const { query, headers, body } = input;
  const needed = Object.entries(exampleOf(query) as Record<string, unknown>);
  const search = needed.map(([name, value]) => `${name}=${String(value)}`).join('&');
  const lines = [
    `curl -s${method === 'GET' ? '' : ` -X ${method}`} "$BASE/${place}${search === '' ? '' : `?${search}`}"`,
    ...credentials[operation.access],
    ...(output === undefined && success === 200 && !streams && !file ? ['-o bytes'] : []),
  ];
  for (const [name, value] of Object.entries(exampleOf(headers) as object)) lines.push(`-H '${name}: ${value}'`);
  if (operation.writes) lines.push('-H "Idempotency-Key: $(openssl rand -hex 16)"');
  if (operation.uploads) lines.push("-H 'Content-Type: application/octet-stream' --data-binary @part");
  else if (method !== 'GET') lines.push(`--json '${JSON.stringify(exampleOf(body))}'`);
  return lines.map((line, index) => `${index === 0 ? '' : '  '}${line}${index === lines.length - 1 ? '' : ' \\'}`);
}

const credentials = {
  public: [],
  session: ['-H "Authorization: Bearer $SESSION"'],
  writeKey: ['-u "$WRITE_KEY:"'],
  internal: ['-H "Authorization: Bearer $(gcloud auth print-identity-token)"'],
} as const satisfies Record<Access, readonly string[]>;

function answerLines({ success, output, streams, file, page, csv }: Operation): string[] {
  if (success === 204) return ['Answer: `204`, without a body.', ''];
  if (streams) return ['Answer: `200`, one JSON document, made while it is sent.', ''];
  if (file) return ['Answer: `200`, the file, to be kept for good.', ''];
  if (output === undefined) return ['Answer: `200` with all bytes, or `206` with the range that was asked for.', ''];
  if (page?.when === 'always') {
    const invalid = page.drawInvalid ? ' `INVALID_INPUT` is one too, for who prefers `text/html`.' : '';
    return [`Answer: \`200\`, a page in HTML.${invalid}`, ''];
  }
  const kinds = [page && 'a page for who prefers `text/html`', csv && 'a table for who asks for `text/csv`'];
  const others = kinds.filter((kind) => kind !== undefined).map((kind) => `; ${kind}`);
  const rows = fieldsOf(schemaOf(output, 'output')).map(
    ({ name, type, required, description }) =>
      `| \`${name}\` | ${type} | ${required === 'yes' ? description : `${description}; not always there`} |`,
  );
  const opening = `Answer: \`${success}\`, JSON${others.join('')}.`;
  if (rows.length === 0) return [opening, ''];
  return [opening, '', '| field | type | |', '| --- | --- | --- |', ...rows, ''];
}

function rulesLines({ rules = [] }: Operation): string[] {
  return rules.length === 0 ? [] : [...rateLimitTable(rules), ''];
}

function problemLines(method: string, operation: Operation): string[] {
  const rows = problemsOf(method, operation).map((code) => {
    const { status, title } = problems[code];
    return `| ${status} | [\`${code}\`](../problems.md#${code.toLowerCase()}) | ${title} |`;
  });
  return ['| status | problem | |', '| --- | --- | --- |', ...rows, ''];
}

function triggerLines(entry: Exclude<AnyFunction, { trigger: 'http' }>): string[] {
  const opening = [`${entry.summary}.`, ''];
  if (entry.trigger === 'schedule') {
    const when = `Cloud Scheduler calls it, \`${entry.schedule}\` in UTC. Called again, or cut off, it does what is left.`;
    return [...opening, when, ''];
  }
  const times = `A message that fails is delivered again, ${entry.maxDeliveryAttempts} times at most; then it goes to the dead letters.`;
  return [
    ...opening,
    `Pub/Sub calls it for every message of \`${entry.topic}\`, once or more often. ${times}`,
    '',
    ...inputTable('Field', schemaOf(entry.message, 'input')),
  ];
}

function deployedLines(described: DescribedFunction, source: string): string[] {
  const { memoryMiB, timeoutSeconds, concurrency, maxInstances, store, publishes, secrets } = described;
  const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ') || 'none';
  return [
    '## As it is deployed',
    '',
    '| | |',
    '| --- | --- |',
    `| source | [\`${source}\`](../../${source}) |`,
    `| called by | ${callerOf(described)} |`,
    `| memory, time | ${memoryMiB} MiB, ${timeoutSeconds} s |`,
    `| calls at once | ${concurrency} in an instance, ${maxInstances} instances at most |`,
    `| in the database | ${storeRoles[store] || 'nothing'} |`,
    `| publishes to | ${list(publishes)} |`,
    `| reads the secrets | ${list(secrets)} |`,
    '',
  ];
}
