import type * as z from 'zod';
import type { analyticsReport } from '../../shared/protocol/analytics.ts';

const columns = ['day', 'event', 'appVersion', 'os', 'count', 'devices'] as const;

/** The rows of a report, RFC 4180. What was dropped stands in the JSON only. */
export function csvOf({ rows }: z.output<typeof analyticsReport.output>): string {
  const lines = rows.map((row) => columns.map((column) => field(String(row[column]))).join(','));
  return [columns.join(','), ...lines, ''].join('\r\n');
}

const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
