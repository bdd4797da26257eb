import { data } from './data.ts';
import { functions } from './functions.ts';
import { grammar } from './grammar.ts';
import { messages } from './messages.ts';
import type { Mutation } from './mutation.ts';
import { operation } from './operation.ts';
import { permissions } from './permissions.ts';

export const mutations: readonly Mutation[] = [
  ...grammar,
  ...permissions,
  ...messages,
  ...functions,
  ...data,
  ...operation,
];
