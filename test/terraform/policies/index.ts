import { functionsOfRegistry, outputs, settings } from './functions.ts';
import { accountNames, iamAsDocumented, noBroadRoles, oneAccountEach, publicByRegistry } from './iam.ts';
import { deadLetters, noExpiry, pushes, schedules, topicsOfRegistry } from './messaging.ts';
import type { Policy } from './policy.ts';
import {
  analytics,
  bucketsClosed,
  edge,
  logsForOperators,
  oneRegion,
  ownKey,
  runbooks,
  secretsEmpty,
  servicesStay,
} from './project.ts';
import { compositeIndexes, databaseKept, singleFields, timeToLive } from './store.ts';

/** What must hold of every plan, whatever is deployed. */
export const policies: readonly Policy[] = [
  functionsOfRegistry,
  settings,
  outputs,
  noBroadRoles,
  publicByRegistry,
  oneAccountEach,
  accountNames,
  iamAsDocumented,
  topicsOfRegistry,
  deadLetters,
  noExpiry,
  pushes,
  schedules,
  timeToLive,
  compositeIndexes,
  singleFields,
  databaseKept,
  oneRegion,
  secretsEmpty,
  bucketsClosed,
  servicesStay,
  logsForOperators,
  runbooks,
  edge,
  ownKey,
  analytics,
];
