import { limits } from '../protocol/limits.ts';
import { Problem } from '../protocol/problems.ts';
import type { RateRule } from '../protocol/rate-rules.ts';
import { authenticate } from './authentication.ts';
import type { CallContext, Caller, Context } from './context.ts';
import { success } from './http/answer.ts';
import { rawBody, readBody } from './http/body.ts';
import type { HttpRequest, HttpResponse } from './http/message.ts';
import {
  AlreadyAnswered,
  commitIdempotent,
  type IdempotentCall,
  idempotentCall,
  preferFirstAnswer,
  requireKey,
} from './idempotency.ts';
import { networkOf } from './network.ts';
import type { Operation } from './operation.ts';
import { charge, enforce } from './rate-limit.ts';
import { requireWriteKey } from './write-keys.ts';

/**
 * Authenticates, parses, limits, looks up the Idempotency-Key, runs the handler, serialises.
 * @param name method and function, as an Idempotency-Key remembers them
 */
export async function runOperation(
  name: string,
  operation: Operation,
  request: HttpRequest,
  context: CallContext,
): Promise<HttpResponse> {
  const { clock, database } = context;
  const caller =
    operation.access === 'session' ? await authenticate(request.headers, database, clock.now()) : undefined;
  const key = operation.writes ? requireKey(request.headers['idempotency-key']) : undefined;
  const given = await readInput(operation, request);
  if (operation.access === 'writeKey') await requireWriteKey(request.headers.authorization, given, context.writeKeys);
  const input = operation.parse(given);
  await enforce(charges(operation.rules ?? [], input, caller, context), context);

  const body = operation.uploads ? rawBody(request, mostBytes(operation)) : request.body;
  const run = (call?: IdempotentCall) => operation.execute(input, fill(context, caller, call), body);
  if (key === undefined) return success(operation, await run(), request, context);
  const call = idempotentCall({ key, accountId: caller?.accountId ?? null, operation: name, input });
  const first = async () => {
    // An upload commits more than once, so the last commit finds the first answer too late.
    if (operation.uploads) await preferFirstAnswer(database, call, clock.now());
    return once(call, run, context);
  };
  try {
    return await success(operation, await alone(call.id, context, first), request, context);
  } catch (error) {
    if (!(error instanceof AlreadyAnswered)) throw error;
    const replayed = await success(operation, error.body === '' ? undefined : JSON.parse(error.body), request, context);
    return { ...replayed, headers: { ...replayed.headers, 'idempotency-replayed': 'true' } };
  }
}

const mostBytes = ({ bodyBytes = limits.bodyBytes }: Operation) => bodyBytes;

async function once(call: IdempotentCall, run: (call: IdempotentCall) => Promise<unknown>, context: CallContext) {
  try {
    return await run(call);
  } catch (error) {
    if (error instanceof Problem && error.code !== 'IDEMPOTENCY_KEY_REUSED') {
      await preferFirstAnswer(context.database, call, context.clock.now());
    }
    throw error;
  }
}

async function readInput(operation: Operation, request: HttpRequest): Promise<object> {
  const { form = false, tooLarge, uploads, headers = [] } = operation;
  const named = Object.fromEntries(headers.map((header) => [header, request.headers[header]]));
  if (request.method === 'GET' || uploads) return { ...Object.fromEntries(request.query), ...named };
  return { ...(await readBody(request, { bytes: mostBytes(operation), tooLarge, form })), ...named };
}

function fill(context: CallContext, caller: Caller | undefined, call: IdempotentCall | undefined): Context {
  const { database, clock } = context;
  const commit: Context['commit'] = async (output, writes) => {
    if (call === undefined) await database.commit(writes);
    else await commitIdempotent(database, call, output, writes, clock.now());
    return output;
  };
  return { ...context, commit, ...(caller === undefined ? {} : { caller }) };
}

/** Within an instance: between instances the commit decides. */
function alone<T>(id: string, { turns }: CallContext, run: () => Promise<T>): Promise<T> {
  if (!turns.isTaken(id)) return turns.take(id, run);
  throw new Problem('IDEMPOTENCY_IN_PROGRESS', 'The first call with this key has not been answered yet.', {
    retryAfter: 1,
  });
}

function charges(
  rules: readonly RateRule[],
  input: unknown,
  caller: Caller | undefined,
  { address, clock }: CallContext,
) {
  const network = networkOf(address);
  const subjects = {
    address: network,
    account: caller?.accountId ?? '',
    email: emailOf(input),
    'email+address': `${emailOf(input)} ${network}`,
  };
  return rules.map((rule) => charge(rule, subjects[rule.by], clock.now()));
}

const emailOf = (input: unknown): string =>
  typeof input === 'object' && input !== null && 'email' in input ? String(input.email) : '';
