import { http } from '@google-cloud/functions-framework';
import type { Platform } from './context.ts';
import type { AnyFunction } from './definition.ts';
import { nodeListener } from './http/node-listener.ts';
import { keepBodiesUnread } from './http/unread-body.ts';
import { serve, serveByPath } from './serve.ts';

/** Registers every function with functions-framework under its own name. Undone, their bodies are parsed again. */
export function registerFunctions(
  registry: readonly AnyFunction[],
  platformOf: (entry: AnyFunction) => Platform,
): () => void {
  const undo = keepBodiesUnread();
  for (const entry of registry) {
    const platform = platformOf(entry);
    http(
      entry.name,
      nodeListener((request) => serve(entry, request, platform), platform),
    );
  }
  return undo;
}

/** Registers one function that answers for all of these, each at the path of its name. */
export function registerAsOne(name: string, registry: readonly AnyFunction[], platform: Platform): () => void {
  const undo = keepBodiesUnread();
  const functions = new Map(registry.map((entry) => [entry.name, entry]));
  // Google's front end takes the one function's name away; other proxies leave it.
  const own = new RegExp(`^/+${name}(?=/)`);
  http(
    name,
    nodeListener(
      (request) => serveByPath(functions, { ...request, path: request.path.replace(own, '') }, platform),
      platform,
    ),
  );
  return undo;
}
