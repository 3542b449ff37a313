import { describe, expect, it } from '@jest/globals';
import {
  collect,
  commandContext,
  lampCatalogue,
  lampDecider,
  light,
  lit,
  memoryLog,
  newEvents,
  putOut,
  toggle,
  type LampEvent,
} from '#testing';
import {
  Contended,
  handleCommand,
  IdempotencyKeyReused,
  NO_STREAM,
  StaleRevision,
  WrongExpectedRevision,
  type CommandContext,
  type EventLog,
} from './index.js';

const LAMP = 'lamp-1';

const logWith = async (...history: LampEvent[]): Promise<EventLog> => {
  const log = memoryLog({ catalogue: lampCatalogue });
  if (history.length > 0) await log.append(LAMP, NO_STREAM, newEvents(LAMP, 'history', ...history));
  return log;
};

/** A log on which somebody else is faster, so many times. */
const contested = (log: EventLog, times: number): EventLog => {
  let lost = 0;
  return {
    ...log,
    append: async (streamName, expectedRevision, events) => {
      if (lost < times) await log.append(streamName, expectedRevision, newEvents(streamName, `rival-${++lost}`, putOut));
      return log.append(streamName, expectedRevision, events);
    },
  };
};

const toggleLamp = (log: EventLog, context: CommandContext) => handleCommand(log, lampDecider, LAMP, context, toggle);
const lightLamp = (log: EventLog, context: CommandContext) => handleCommand(log, lampDecider, LAMP, context, light(40));
const typesIn = async (log: EventLog) => (await collect(log.readStream<LampEvent>(LAMP))).map(({ type }) => type);

describe('handleCommand', () => {
  it('appends what the rule decides on the state of the stream', async () => {
    const log = await logWith(lit(40));
    const result = await toggleLamp(log, commandContext('c1'));
    expect(result).toEqual({ revision: 1n, position: await log.headPosition(), changed: true, repeated: false });
    expect(await typesIn(log)).toEqual(['LampLit', 'LampPutOut']);
  });

  it('records who asked, why, and under which id', async () => {
    const log = await logWith();
    await lightLamp(
      log,
      commandContext('c1', { correlationId: 'a-request', causationId: 'an-event', occurredAt: '2026-01-01T00:00:00.000Z' }),
    );
    expect(await log.readLast(LAMP)).toMatchObject({
      occurredAt: '2026-01-01T00:00:00.000Z',
      metadata: { $correlationId: 'a-request', $causationId: 'an-event', commandId: 'c1', actor: { id: 'agent-1' }, schemaVersion: 2 },
    });
  });

  it('answers a command with nothing to do by where the stream is', async () => {
    const log = await logWith(lit(40));
    expect(await lightLamp(log, commandContext('c1'))).toEqual({ revision: 0n, position: 100n, changed: false, repeated: false });
    expect(await lightLamp(log, commandContext('c2'))).toMatchObject({ changed: false });
    expect(await typesIn(log)).toEqual(['LampLit']);
  });

  it('answers a repeated command as it did, whatever has happened since', async () => {
    const log = await logWith();
    const first = await toggleLamp(log, commandContext('c1'));
    await toggleLamp(log, commandContext('c2'));
    expect(await toggleLamp(log, commandContext('c1'))).toEqual({ ...first, repeated: true });
    expect(await typesIn(log)).toEqual(['LampLit', 'LampPutOut']);
  });

  it('answers a repeat even where its pinned revision has been left behind by the command itself', async () => {
    const log = await logWith(lit(40));
    const context = commandContext('c1', { expectedRevision: 0n });
    await toggleLamp(log, context);
    expect(await toggleLamp(log, context)).toMatchObject({ revision: 1n, repeated: true });
  });

  it('refuses a command id that comes again with another input', async () => {
    const log = await logWith();
    await toggleLamp(log, commandContext('c1'));
    await expect(toggleLamp(log, commandContext('c1', { commandHash: 'another' }))).rejects.toBeInstanceOf(IdempotencyKeyReused);
  });

  it('refuses a pinned revision that the stream has left', async () => {
    const log = await logWith(lit(40), putOut);
    const stale = toggleLamp(log, commandContext('c1', { expectedRevision: 0n }));
    await expect(stale).rejects.toMatchObject({ constructor: StaleRevision, expected: 0n, actual: 1n });
  });

  it('refuses a pinned revision that is lost between reading and appending, and decides no second time', async () => {
    const log = contested(await logWith(lit(40)), 1);
    const stale = toggleLamp(log, commandContext('c1', { expectedRevision: 0n }));
    await expect(stale).rejects.toMatchObject({ constructor: StaleRevision, expected: 0n, actual: 1n });
  });

  it('decides anew after each of three lost races', async () => {
    const log = await logWith(lit(40));
    const result = await toggleLamp(contested(log, 3), commandContext('c1'));
    expect(result).toMatchObject({ revision: 4n, changed: true });
    // each rival has put the lamp out, so that the rule came to light it
    expect(await typesIn(log)).toEqual(['LampLit', 'LampPutOut', 'LampPutOut', 'LampPutOut', 'LampLit']);
  });

  it('decides on the history that its caller has, and reads the stream only where that is out of date', async () => {
    const log = await logWith(lit(40));
    let reads = 0;
    const counting: EventLog = {
      ...log,
      readStream: (...args: Parameters<EventLog['readStream']>) => {
        reads++;
        return log.readStream(...args);
      },
    };
    const known = await collect(log.readStream<LampEvent>(LAMP));
    const toggleKnown = (commandId: string) => handleCommand(counting, lampDecider, LAMP, commandContext(commandId), toggle, known);

    expect(await toggleKnown('c1')).toMatchObject({ revision: 1n, changed: true });
    expect(reads).toBe(0);
    // the lamp is out by now: on what is known, the rule would put it out again
    expect(await toggleKnown('c2')).toMatchObject({ revision: 2n, changed: true });
    expect(reads).toBe(1);
    expect(await typesIn(log)).toEqual(['LampLit', 'LampPutOut', 'LampLit']);
  });

  it('gives up after the fourth', async () => {
    const log = await logWith(lit(40));
    await expect(toggleLamp(contested(log, 4), commandContext('c1'))).rejects.toBeInstanceOf(Contended);
    expect((await collect(log.readStream(LAMP))).some(({ metadata }) => metadata.commandId === 'c1')).toBe(false);
  });

  it('hands on what is no lost race', async () => {
    const broken: EventLog = { ...(await logWith()), append: () => Promise.reject(new Error('disk on fire')) };
    await expect(toggleLamp(broken, commandContext('c1'))).rejects.toThrow('disk on fire');
  });

  it('of a hundred at once, lets each one through once', async () => {
    const log = await logWith();
    const runs = Array.from({ length: 100 }, (_, n) => toggleLamp(log, commandContext(`c${n % 50}`)).catch((error: unknown) => error));
    for (const result of await Promise.all(runs)) {
      if (!(result instanceof Contended)) expect(result).toMatchObject({ changed: true });
      expect(result).not.toBeInstanceOf(WrongExpectedRevision);
    }
    const ids = (await collect(log.readStream(LAMP))).map(({ metadata }) => metadata.commandId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
