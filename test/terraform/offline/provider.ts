import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode, unknown, type Value } from './msgpack.ts';
import { bytes, chosen, integer, message, read, text } from './protobuf.ts';
import type { ProviderSchema, TypeSchema } from './schema.ts';
import { schemaMessage } from './schema-message.ts';
import { type Diagnostic, validate } from './validate.ts';
import { answerOf, filled } from './values.ts';

/**
 * A stand-in for hashicorp/google that Terraform starts as its provider: it knows the schema and nothing of Google, so
 * that validate, test, plan and apply run with no network. It speaks tfplugin5 over gRPC, which is HTTP/2 and frames of
 * five bytes and a message: https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol
 *
 * `node provider.ts SCHEMA`. With NIGHTVAULT_KNOWN_AT_PLAN a plan already holds what Google would answer, so that
 * policies can follow every reference; without, those values are unknown until apply, as they are in a real plan.
 */
const cookie = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';
if (process.env.TF_PLUGIN_MAGIC_COOKIE !== cookie) {
  process.stderr.write('This is a Terraform provider: Terraform starts it. See test/terraform/README.md.\n');
  process.exit(1);
}
const schemas = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ProviderSchema;
const knownAtPlan = process.env.NIGHTVAULT_KNOWN_AT_PLAN !== undefined;
const empty = Buffer.alloc(0);

const field = (request: Buffer, number: number): Buffer => read(request).get(number) ?? empty;
/** A DynamicValue, whose first field is MessagePack. */
const valueIn = (request: Buffer, number: number): Value => decode(field(field(request, number), 1));
const dynamic = (value: Value): Buffer => bytes(1, encode(value));
const typeIn = (request: Buffer) => field(request, 1).toString('utf8');
const schemaOf = (types: Readonly<Record<string, TypeSchema>>, type: string) => {
  const found = types[type];
  if (found === undefined) throw new Error(`the schema file has no ${type}: run npm run terraform:schema`);
  return found.block;
};

function diagnostic({ summary, path }: Diagnostic): Buffer {
  const steps = path.map((step) => bytes(1, typeof step === 'number' ? chosen(3, step) : text(1, step)));
  return bytes(1, message(integer(1, true), text(2, summary), bytes(4, message(...steps))));
}

const check = (types: Readonly<Record<string, TypeSchema>>) => (request: Buffer) => {
  const type = typeIn(request);
  return message(...validate(type, schemaOf(types, type), valueIn(request, 2)).map(diagnostic));
};

const { resource_schemas: resources, data_source_schemas: dataSources } = schemas;
const methods: Readonly<Record<string, (request: Buffer) => Buffer>> = {
  GetSchema: () => schemaMessage(schemas),
  PrepareProviderConfig: (request) => bytes(1, field(request, 1)),
  Configure: () => empty,
  Stop: () => empty,
  ValidateResourceTypeConfig: check(resources),
  ValidateDataSourceConfig: check(dataSources),
  UpgradeResourceState: (request) => bytes(1, bytes(2, field(field(request, 3), 1))),
  ReadResource: (request) => bytes(1, field(request, 2)),
  PlanResourceChange: (request) => {
    const type = typeIn(request);
    const proposed = valueIn(request, 3);
    const make = knownAtPlan ? answerOf(type, proposed) : (): Value => unknown;
    return bytes(1, dynamic(filled(schemaOf(resources, type), proposed, make)));
  },
  ApplyResourceChange: (request) => {
    const type = typeIn(request);
    const planned = valueIn(request, 3);
    return bytes(1, dynamic(filled(schemaOf(resources, type), planned, answerOf(type, planned))));
  },
  ReadDataSource: (request) => {
    const type = typeIn(request);
    const config = valueIn(request, 2);
    return bytes(1, dynamic(filled(schemaOf(dataSources, type), config, answerOf(type, config))));
  },
};

const unimplemented = 12;
const internal = 13;

function call(path: string, request: Buffer): { status: number; why: string; answer: Buffer } {
  const [, service, name = ''] = path.split('/');
  if (service === 'plugin.GRPCController' && name === 'Shutdown') {
    setTimeout(() => process.exit(0), 5);
    return { status: 0, why: '', answer: empty };
  }
  const method = service === 'tfplugin5.Provider' ? methods[name] : undefined;
  if (method === undefined) return { status: unimplemented, why: `${path} is not served`, answer: empty };
  try {
    return { status: 0, why: '', answer: method(request) };
  } catch (error) {
    return { status: internal, why: error instanceof Error ? `${error.stack}` : String(error), answer: empty };
  }
}

const frameHead = 5;
const server = createServer();
server.on('stream', (stream, headers) => {
  const parts: Buffer[] = [];
  stream.on('error', () => undefined);
  stream.on('data', (part: Buffer) => parts.push(part));
  stream.on('end', () => {
    const { status, why, answer } = call(String(headers[':path']), Buffer.concat(parts).subarray(frameHead));
    // Terraform no longer waits: it has found a fault of its own meanwhile.
    if (stream.destroyed) return;
    stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
    stream.on('wantTrailers', () =>
      stream.sendTrailers({ 'grpc-status': String(status), 'grpc-message': encodeURIComponent(why) }),
    );
    if (status !== 0) {
      stream.end();
      return;
    }
    const head = Buffer.alloc(frameHead);
    head.writeUInt32BE(answer.length, 1);
    stream.end(Buffer.concat([head, answer]));
  });
});

const folder = mkdtempSync(join(process.env.PLUGIN_UNIX_SOCKET_DIR ?? tmpdir(), 'nightvault-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(0));
// Terraform handles an interrupt itself, and then says Stop.
process.on('SIGINT', () => undefined);
const socket = join(folder, 's');
server.listen(socket, () => process.stdout.write(`1|5|unix|${socket}|grpc\n`));
