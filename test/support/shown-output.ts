// Whether what a page shows is what was printed. What the program makes anew each time may differ, as long as it is of the same sort: an
// instant of the run for any instant, an id for an id, a hash for a hash, a place in the log for a place in the log, a delay for a delay.
// All else is compared as it is.

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/;
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
const HASH = /[0-9a-f]{64}/;
const PLACE = /\d{1,19}/;

/** Fields that hold a place in the log; and those that hold the time from happening to recording. */
const isPlace = (name: string) => name === 'position';
const isDelay = (name: string) => name === 'recordedLateSeconds';

const isWhole = (text: string, pattern: RegExp) => new RegExp(`^(?:${pattern.source})$`).test(text);

/** An instant of this run, where the page shows any. */
const isOfThisRun = (shown: string, printed: string, since: number): boolean =>
  isWhole(shown, INSTANT) && isWhole(printed, INSTANT) && Date.parse(printed) >= since;

/** In a shown object or list: there is more than is shown. */
const MORE = '…';

/**
 * JSON with comments, as a page shows it: `// …` stands for fields, or items, that are left out.
 * @throws SyntaxError
 */
export const parseShown = (text: string): unknown => {
  const open: string[] = [];
  let json = '';
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|[{}[\]]|[^"{}[\]/]+|\//g)) {
    if (token === '{' || token === '[') open.push(token);
    if (token === '}' || token === ']') open.pop();
    json += !token.startsWith('//') ? token : open.at(-1) === '{' ? `"${MORE}": true,` : `"${MORE}",`;
  }
  return JSON.parse(json.replace(/,(\s*[}\]])/g, '$1')) as unknown;
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first difference between a shown JSON value and a printed one, in words; `undefined` where there is none. */
export const difference = (shown: unknown, printed: unknown, since: number, at = '', name = ''): string | undefined => {
  const differs = `${at || 'the answer'} is shown as ${JSON.stringify(shown)}, and is ${JSON.stringify(printed)}`;
  if (Array.isArray(shown)) {
    const items = shown.at(-1) === MORE ? shown.slice(0, -1) : shown;
    if (!Array.isArray(printed) || printed.length < items.length || (items === shown && printed.length > items.length)) return differs;
    return items.map((item, n) => difference(item, printed[n], since, `${at}[${n}]`)).find(Boolean);
  }
  if (isObject(shown)) {
    if (!isObject(printed)) return differs;
    const { [MORE]: isPart, ...fields } = shown;
    const extra = isPart ? undefined : Object.keys(printed).find((field) => !(field in fields));
    if (extra !== undefined) return `${at}.${extra} is not shown, and is ${JSON.stringify(printed[extra])}`;
    return Object.entries(fields)
      .map(([field, value]) => difference(value, printed[field], since, `${at}.${field}`, field))
      .find(Boolean);
  }
  if (shown === printed) return undefined;
  if (typeof shown === 'number' && typeof printed === 'number' && isDelay(name)) return undefined;
  if (typeof shown !== 'string' || typeof printed !== 'string') return differs;
  const isAlike =
    isOfThisRun(shown, printed, since) ||
    [ID, HASH, ...(isPlace(name) ? [PLACE] : [])].some((sort) => isWhole(shown, sort) && isWhole(printed, sort));
  return isAlike ? undefined : differs;
};

const VARYING = new RegExp(
  [
    INSTANT.source,
    ID.source,
    HASH.source,
    // `position  4711`, `"position":"4711"`, `id: 4711`
    '(?<=(?:position|\\bid)[":\\s]{1,5})\\d+',
    '(?<=cursor=)[\\w-]+',
  ].join('|'),
  'gi',
);

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Whether a printed line is the shown one, in which `…` stands for anything. */
const isLine = (shown: string, printed: string, since: number): boolean => {
  const varying = [...shown.matchAll(VARYING)].map(([value]) => value);
  const pattern = shown.split(VARYING).map(escaped).join(`(${VARYING.source})`).replaceAll(MORE, '.*');
  const found = new RegExp(`^${pattern}$`, 'i').exec(printed);
  return (
    found !== null &&
    varying.every((value, n) => !isWhole(value, INSTANT) || value === found[n + 1] || isOfThisRun(value, found[n + 1] as string, since))
  );
};

/** The first line of a shown text that was not printed where it should be; a line `…` stands for any lines. */
export const missingLine = (shown: string, printed: string, since: number): string | undefined => {
  const lines = printed.split('\n').map((line) => line.trimEnd());
  let next = 0;
  let isSkipping = false;
  for (const line of shown.split('\n').map((line) => line.trimEnd())) {
    if (line.trim() === MORE) {
      isSkipping = true;
      continue;
    }
    const found = lines.findIndex((candidate, n) => n >= next && isLine(line, candidate, since));
    if (found < 0 || (!isSkipping && found !== next)) return line;
    next = found + 1;
    isSkipping = false;
  }
  return isSkipping || next === lines.length ? undefined : `(nothing; there is more: ${lines[next]})`;
};
