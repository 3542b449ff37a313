import { afterEach, describe, expect, it } from '@jest/globals';
import { RawValue } from './bson/raw.js';
import { writeDocument } from './bson/writer.js';
import { Cursors, type CursorOptions } from './cursors.js';
import { Held } from './query/source.js';
import { Patience } from './slices.js';

const patience = new Patience(new AbortController().signal);
const documents = (count: number) => Array.from({ length: count }, (_, _id) => RawValue.document(writeDocument({ _id })));
const options = (more: Partial<CursorOptions> = {}): CursorOptions => ({
  namespace: 'test.things',
  source: new Held(documents(10)),
  user: 'ada',
  session: undefined,
  check: () => undefined,
  patient: false,
  ...more,
});

let cursors: Cursors;
afterEach(() => cursors.close());

const begin = (more?: Partial<CursorOptions>) => cursors.begin(options(more), 2, false, patience);

describe('a cursor', () => {
  it('is closed when nobody has asked for it for long, unless it is to be left open', async () => {
    cursors = new Cursors(20);
    const [idle, left] = [await begin(), await begin({ patient: true })];
    expect(cursors.open).toBe(2);
    while (cursors.open > 1) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(cursors.next(idle.id, 'test.things', 'ada', 2, patience)).rejects.toMatchObject({ codeName: 'CursorNotFound' });
    expect((await cursors.next(left.id, 'test.things', 'ada', 2, patience)).documents).toHaveLength(2);
  });

  it('belongs to the user who opened it, and to its collection', async () => {
    cursors = new Cursors();
    const { id } = await begin();
    await expect(cursors.next(id, 'test.things', 'ben', 2, patience)).rejects.toMatchObject({ codeName: 'Unauthorized' });
    await expect(cursors.next(id, 'test.others', 'ada', 2, patience)).rejects.toMatchObject({ codeName: 'Unauthorized' });
    expect(() => cursors.kill(id, 'test.things', 'ben')).toThrow(/not created by/);
    expect(cursors.kill(id, 'test.things', 'ada')).toBe(true);
    expect(cursors.kill(id, 'test.things', 'ada')).toBe(false);
  });

  it('ends with its session', async () => {
    cursors = new Cursors();
    const { id } = await begin({ session: 'one' });
    await begin({ session: 'other' });
    cursors.killOfSession('one');
    expect(cursors.open).toBe(1);
    await expect(cursors.next(id, 'test.things', 'ada', 2, patience)).rejects.toMatchObject({ codeName: 'CursorNotFound' });
  });

  it('is not left open when it has given all, or only one batch was wanted', async () => {
    cursors = new Cursors();
    expect(await cursors.begin(options(), undefined, false, patience)).toMatchObject({ id: 0n });
    expect(await cursors.begin(options(), 2, true, patience)).toMatchObject({ id: 0n });
    const { id } = await begin();
    expect((await cursors.next(id, 'test.things', 'ada', undefined, patience)).documents).toHaveLength(8);
    expect(cursors.open).toBe(0);
  });

  it('ends with the client that reads it', async () => {
    cursors = new Cursors();
    const gone = new AbortController();
    const slow = { run: () => false };
    const reading = cursors.begin(options({ source: slow }), 2, false, new Patience(gone.signal));
    gone.abort();
    await expect(reading).rejects.toMatchObject({ codeName: 'Interrupted' });
  });

  it('ends when its time is over', async () => {
    cursors = new Cursors();
    const slow = { run: () => false };
    const reading = cursors.begin(options({ source: slow }), 2, false, new Patience(new AbortController().signal, 5));
    await expect(reading).rejects.toMatchObject({ code: 50, codeName: 'MaxTimeMSExpired' });
  });
});
