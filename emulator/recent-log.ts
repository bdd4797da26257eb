import type { Log, LogFields, Severity } from '../shared/platform/log.ts';

export type LogLine = LogFields & { readonly time: string; readonly severity: Severity; readonly message: string };

export interface RecentLog extends Log {
  /** Newest last. */
  lines(): readonly LogLine[];
}

/** Keeps the newest lines, and passes each on. */
export function recentLog(next: Log | undefined, capacity: number): RecentLog {
  const lines: LogLine[] = [];
  return {
    lines: () => lines,
    write: (severity, message, fields = {}) => {
      lines.push({ time: new Date().toISOString(), severity, message, ...fields });
      if (lines.length > capacity) lines.shift();
      next?.write(severity, message, fields);
    },
  };
}
