import { jsonLog } from '../shared/platform/log.ts';
import { createPlatform } from '../shared/platform/platform.ts';
import { registerFunctions } from '../shared/platform/register.ts';
import { settingsFromEnvironment } from '../shared/platform/settings.ts';
import { registry } from './registry.ts';

const log = jsonLog((line) => process.stdout.write(line));
registerFunctions(registry, createPlatform(settingsFromEnvironment(process.env), process.env, log));
