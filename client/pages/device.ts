const browsers = [
  ['Edge', /\bEdg\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\bFirefox\//],
  ['Chrome', /\b(Headless)?Chrome\//],
  ['Safari', /\bSafari\//],
] as const;

const systems = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
] as const;

/** A session's label as people know their devices; one that is no browser's is shown as it is. */
export function deviceName(label: string): string {
  const named = (list: readonly (readonly [string, RegExp])[]) => list.find(([, pattern]) => pattern.test(label))?.[0];
  const [browser, system] = [named(browsers), named(systems)];
  if (!label.startsWith('Mozilla/') || browser === undefined) return label || 'Unnamed device';
  return system === undefined ? browser : `${browser} on ${system}`;
}
