import type { Options } from 'mingo/types';
import { CommandError } from '../errors.js';

/** How mingo is asked: MongoDB's own semantics, and no JavaScript that comes from outside. */
export const MINGO_OPTIONS: Partial<Options> = { useStrictMode: true, scriptEnabled: false };

/** Runs an evaluation by mingo; what it refuses is the client's fault, and is told as such. */
export const viaMingo = <T>(evaluate: () => T): T => {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError('BadValue', error instanceof Error ? error.message : String(error));
  }
};
