import { beforeEach, describe, expect, it } from '@jest/globals';
import { AGENT, collect, commandContext, lampCatalogue, lampDecider, light, memoryLog, toggle, type Lamp, type LampEvent } from '#testing';
import {
  acceptCommand,
  commandIdOfKey,
  handleCommand,
  IdempotencyKeyReused,
  ledgerCatalogue,
  recordNoEffect,
  unionOf,
  type CommandContext,
  type CommandResult,
  type Event,
  type EventLog,
} from './index.js';

let log: EventLog;
beforeEach(() => {
  log = memoryLog({ catalogue: unionOf<Event>(lampCatalogue, ledgerCatalogue) });
});

/** A command with a key, as the edge of the program carries it out; `dies` says where the process ends. */
const carryOut = async (
  context: CommandContext,
  newTarget: string,
  decide: (lamp: Lamp) => LampEvent[],
  dies?: 'before acting' | 'before recording that nothing was done',
): Promise<CommandResult & { target: string }> => {
  const { target, answer } = await acceptCommand(log, context, 'ToggleLamp', newTarget);
  if (answer) return { ...answer, target };
  if (dies === 'before acting') throw new Error('killed');
  const result = await handleCommand(log, lampDecider, target, context, decide);
  if (result.changed) return { ...result, target };
  if (dies === 'before recording that nothing was done') throw new Error('killed');
  await recordNoEffect(log, context, result);
  return { ...result, target };
};

const lampStreams = async () =>
  new Set((await collect(log.readAll({ after: -1n, streamPrefixes: ['lamp-'] }))).map(({ streamName }) => streamName));

describe('the command ledger', () => {
  const context = commandContext(commandIdOfKey(AGENT, 'a key'));

  it('keeps the keys of two clients apart', () => {
    expect(commandIdOfKey(AGENT, 'a key')).toBe(commandIdOfKey({ ...AGENT, name: 'Ada Lovelace' }, 'a key'));
    expect(commandIdOfKey(AGENT, 'a key')).not.toBe(commandIdOfKey({ ...AGENT, id: 'agent-2' }, 'a key'));
  });

  it('leads a repeat to the target of the first one, whatever it brings itself', async () => {
    const first = await carryOut(context, 'lamp-1', toggle);
    expect(await carryOut(context, 'lamp-2', toggle)).toEqual({ ...first, repeated: true });
    expect(await lampStreams()).toEqual(new Set(['lamp-1']));
  });

  it('refuses a key that comes again with another input', async () => {
    await carryOut(context, 'lamp-1', toggle);
    await expect(carryOut({ ...context, commandHash: 'another' }, 'lamp-1', toggle)).rejects.toBeInstanceOf(IdempotencyKeyReused);
  });

  it('goes on after a death between accepting and acting', async () => {
    await expect(carryOut(context, 'lamp-1', toggle, 'before acting')).rejects.toThrow('killed');
    expect(await carryOut(context, 'lamp-2', toggle)).toMatchObject({ target: 'lamp-1', changed: true, repeated: false });
    expect(await lampStreams()).toEqual(new Set(['lamp-1']));
  });

  it('remembers that there was nothing to do, when there would be something by now', async () => {
    await carryOut(commandContext('lights it'), 'lamp-1', light(40));
    const nothing = await carryOut(context, 'lamp-1', light(60));
    expect(nothing.changed).toBe(false);

    await carryOut(commandContext('puts it out'), 'lamp-1', toggle);
    expect(await carryOut(context, 'lamp-1', light(60))).toEqual({ ...nothing, repeated: true });
    expect(await log.readLast('lamp-1')).toMatchObject({ type: 'LampPutOut' });
  });

  it('decides once more after a death before that was written down', async () => {
    await carryOut(commandContext('lights it'), 'lamp-1', light(40));
    await expect(carryOut(context, 'lamp-1', light(60), 'before recording that nothing was done')).rejects.toThrow('killed');
    expect(await carryOut(context, 'lamp-1', light(60))).toMatchObject({ changed: false, repeated: false });
    expect(await carryOut(context, 'lamp-1', light(60))).toMatchObject({ changed: false, repeated: true });
  });

  it('keeps the first answer of two that race to say there was nothing to do', async () => {
    await acceptCommand(log, context, 'ToggleLamp', 'lamp-1');
    const answerAt = (revision: bigint) => ({ revision, position: 100n * revision, changed: false, repeated: false });
    await Promise.all([recordNoEffect(log, context, answerAt(3n)), recordNoEffect(log, context, answerAt(4n))]);
    expect(await acceptCommand(log, context, 'ToggleLamp', 'lamp-1')).toMatchObject({ answer: { revision: 3n, position: 300n } });
  });

  it('of fifty at once, creates one lamp', async () => {
    const results = await Promise.all(Array.from({ length: 50 }, (_, n) => carryOut(context, `lamp-${n}`, toggle)));
    expect(new Set(results.map(({ target }) => target)).size).toBe(1);
    expect(new Set(results.map(({ revision }) => revision))).toEqual(new Set([0n]));
    expect((await lampStreams()).size).toBe(1);
  });
});
