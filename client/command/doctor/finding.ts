/** What one look has found. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly detail: string;
  /** What to do, unless all is well. */
  readonly remedy?: string;
}

export const fine = (check: string, detail: string): Finding => ({ check, state: 'ok', detail });
export const warning = (check: string, detail: string, remedy: string): Finding => ({
  check,
  state: 'warning',
  detail,
  remedy,
});
export const wrong = (check: string, detail: string, remedy: string): Finding => ({
  check,
  state: 'wrong',
  detail,
  remedy,
});
