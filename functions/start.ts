import type { AnyFunction } from '../shared/platform/definition.ts';
import { jsonLog } from '../shared/platform/log.ts';
import { createPlatform } from '../shared/platform/platform.ts';
import { registerAsOne, registerFunctions } from '../shared/platform/register.ts';
import { settingsFromEnvironment } from '../shared/platform/settings.ts';

const platform = () =>
  createPlatform(
    settingsFromEnvironment(process.env),
    process.env,
    jsonLog((line) => process.stdout.write(line)),
  );

/** Registers each function under its own name, with what the environment says. */
export function start(registry: readonly AnyFunction[]): void {
  const shared = platform();
  registerFunctions(registry, () => shared);
}

/** Registers them as one, for a deployment that has a single HTTP function. */
export function startAsOne(name: string, registry: readonly AnyFunction[]): void {
  registerAsOne(name, registry, platform());
}
