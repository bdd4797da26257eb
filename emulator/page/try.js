import { element } from './dom.js';
import { sessions } from './play.js';

/** Longer answers are cut: the page is to stay quick. */
const longestAnswer = 20_000;

/**
 * A form that calls one function as a client would, made from its part of the OpenAPI document.
 * @param described - the operation there; missing for what Pub/Sub and the scheduler call, which take any JSON
 */
export function tryIt({ method, url, access }, described) {
  const inQuery = (described?.parameters ?? []).filter((parameter) => parameter.in === 'query');
  const inHeader = (described?.parameters ?? []).filter((parameter) => parameter.in === 'header');
  const fields = [...inQuery, ...inHeader].map((parameter) => ({ parameter, input: inputFor(parameter) }));
  const [type, body] = bodyOf(method, described);
  const session = access === 'session' ? sessionInput() : undefined;
  const answer = element('output', { class: 'answer', 'aria-live': 'polite' });
  const button = element('button', { type: 'submit' }, 'Send');
  const form = element(
    'form',
    { class: 'try' },
    ...fields.map(({ parameter, input }) =>
      element('label', { title: parameter.schema?.description ?? '' }, parameter.name, input),
    ),
    session && element('label', {}, 'session', ...session.nodes),
    body && element('label', {}, type, body),
    button,
    answer,
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    answer.replaceChildren('…');
    answer.replaceChildren(...(await send(url, requestOf({ method, type, body, fields, session }))));
    button.disabled = false;
  });
  return form;
}

function inputFor({ name, required, schema = {} }) {
  const value = name === 'Idempotency-Key' ? crypto.randomUUID() : (schema.enum?.[0] ?? '');
  return element('input', { name, value, placeholder: required ? '' : 'optional' });
}

function bodyOf(method, described) {
  if (method === 'GET') return [];
  const [type = 'application/json', content] = Object.entries(described?.requestBody?.content ?? {})[0] ?? [];
  const sample = type === 'application/json' ? JSON.stringify(content?.example ?? {}, null, 2) : '';
  const rows = Math.min(10, sample.split('\n').length + 1);
  return [type, element('textarea', { rows, spellcheck: 'false' }, sample)];
}

/** A session key: those of the people who have played, or one that is pasted. */
function sessionInput() {
  const id = `sessions-${crypto.randomUUID()}`;
  const list = element('datalist', { id });
  const input = element('input', { list: id, placeholder: 'session key, 64 hex characters' });
  const refill = () => {
    const played = sessions();
    list.replaceChildren(...played.map(({ person, token }) => element('option', { value: token }, person)));
    if (input.value === '' && played.length > 0) input.value = played[0].token;
  };
  input.addEventListener('focus', refill);
  refill();
  const token = () => {
    refill();
    return input.value.trim();
  };
  return { nodes: [input, list], token };
}

function requestOf({ method, type, body, fields, session }) {
  const given = (where) =>
    fields
      .filter(({ parameter, input }) => parameter.in === where && input.value !== '')
      .map(({ parameter, input }) => [parameter.name, input.value]);
  const headers = Object.fromEntries(given('header'));
  if (body !== undefined) headers['content-type'] = type;
  const token = session?.token();
  if (token) headers.authorization = `Bearer ${token}`;
  return { query: new URLSearchParams(given('query')).toString(), init: { method, headers, body: body?.value } };
}

async function send(url, { query, init }) {
  const path = new URL(url).pathname + (query === '' ? '' : `?${query}`);
  const started = performance.now();
  try {
    const response = await fetch(path, init);
    const text = await response.text();
    const took = Math.round(performance.now() - started);
    const kind = `status s${String(response.status)[0]}`;
    return [
      element('p', {}, element('span', { class: kind }, `${response.status} ${response.statusText}`), ` in ${took} ms`),
      element('pre', {}, readable(text, response.headers.get('content-type') ?? '')),
    ];
  } catch {
    return [element('p', { class: 'failed' }, 'No answer came: does the local stack still run? Its terminal says so.')];
  }
}

function readable(text, type) {
  const whole = type.endsWith('json') ? JSON.stringify(JSON.parse(text), null, 2) : text;
  return whole.length > longestAnswer
    ? `${whole.slice(0, longestAnswer)}\n… ${whole.length - longestAnswer} more`
    : whole;
}
