/** Usage events: one a message, as a row of functions/analytics/bigquery-table.json. */
export const analyticsTopic = 'analytics-events';
