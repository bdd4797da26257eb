import { element } from './dom.js';
import { secrecyOf } from './secrecy.js';

const shortLength = 20;

/**
 * From what a person types down to what they read: what each thing is, what is done before something of it leaves the
 * browser, and where that then stands in the store. Nothing of two of them ever leaves.
 */
const rows = [
  { key: 'passphrase', name: 'Passphrase', how: 'stays' },
  { key: 'authSecret', name: 'Login secret', how: 'SRP verifier', at: ['login', 'sealedVerifier'] },
  { key: 'encSecret', name: 'Lock secret', how: 'stays' },
  { key: 'symmetricKey', name: 'Account key', how: 'locked with the lock secret', at: ['account', 'encSymmetricKey'] },
  { key: 'privateKey', name: 'Private key', how: 'locked with the account key', at: ['account', 'encPrivateKey'] },
  { key: 'publicKey', name: 'Public key', how: 'as it is', at: ['account', 'publicKey'] },
  { key: 'groupKey', name: 'Group key', how: 'wrapped to the public key', at: ['link', 'encSymmetricKey'] },
  { key: 'content', name: 'Request', how: 'encrypted with the group key', at: ['resource', 'encContent'] },
];

/**
 * Draws what is in somebody's browser, and beside it what the store holds of the same thing.
 * @param held - what the worker told of this person, if they have played
 * @param store - the store as the server sees it
 */
export function drawKeys({ heading, body }, person, held, store) {
  const documents = held === undefined ? {} : documentsOf(held, store);
  heading.replaceChildren(headingRow(person));
  body.replaceChildren(
    ...rows.map(({ key, name, how, at: [document, field] = [] }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, name),
        element('td', {}, held && value(held.values[key], 'own')),
        element('td', { class: document === undefined ? 'how stays' : 'how' }, how),
        element('td', {}, document === undefined ? never() : stored(documents[document], field)),
      ),
    ),
  );
}

const never = () => element('span', { class: 'never' }, 'nothing');

const headingRow = (person) =>
  element(
    'tr',
    {},
    element('td', {}),
    element('th', { scope: 'col' }, `In ${person}’s browser`),
    element('td', {}),
    element('th', { scope: 'col' }, 'At the server'),
  );

function documentsOf({ accountId, groupId, resourceId }, { accounts = {}, logins = {}, groups = {} }) {
  const { links = {}, resources = {} } = groups[groupId]?.collections ?? {};
  return {
    login: Object.values(logins).find(({ fields }) => fields?.accountId === accountId)?.fields,
    account: accounts[accountId]?.fields,
    link: links[accountId]?.fields,
    resource: resources[resourceId]?.fields,
  };
}

function stored(fields, name) {
  const text = fields?.[name];
  if (text === undefined) return undefined;
  const shown = name === 'publicKey' ? JSON.parse(text).n : text;
  return value(shown, secrecyOf(name, text));
}

/** Its beginning; all of it for who points at it. */
const value = (text, kind) =>
  element(
    'span',
    { class: `value ${kind}`, title: text },
    text.length > shortLength ? `${text.slice(0, shortLength)}…` : text,
  );
