import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '#kernel';
import type { Role } from '#config';
import { createPrivateFile, readJsonFile, writePrivateFile, type DataFolder } from './data-folder.js';

/** Where the embedded nodes are reached, those that run; with passwords. */
export type Endpoints = Readonly<{ eventStoreUri?: string; mongoUri?: string }>;

/** Who runs the embedded nodes of a data folder: endpoints.json. */
export type Owner = Readonly<{
  pid: number;
  /** When the process began, in the kernel's ticks; tells a process from a later one with its pid. Absent where the system does not say. */
  startTicks?: string;
  /** What it runs, as the user typed it: `start`, `import`, … */
  command: string;
  /** What it serves until it is told to end; absent: it ends by itself, and others wait for that. */
  roles?: readonly Role[];
  /** Absent until the nodes listen. */
  endpoints?: Endpoints;
}>;

/** The right to run the nodes of a folder, which one process has at a time. */
export interface Ownership {
  publish(endpoints: Endpoints): void;
  release(): void;
}

const POLL_MS = 50;
/** Taking over from a dead owner takes microseconds; whoever holds this longer died in it. */
const TAKEOVER_LIMIT_MS = 5_000;

/** Field 22 of /proc/PID/stat, counted behind the command's name, which may hold anything. */
const startTicksOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const isAlive = ({ pid, startTicks }: Owner): boolean => isRunning(pid) && startTicksOf(pid) === startTicks;

const isSame = (a: Owner | undefined, b: Owner) => a?.pid === b.pid && a.startTicks === b.startTicks;

/** Removes what a dead owner left, unless someone else is at it or has done so. */
const clearAway = ({ endpoints }: DataFolder, dead: Owner): void => {
  const taking = `${endpoints}.takeover`;
  try {
    mkdirSync(taking);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const since = statSync(taking, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > TAKEOVER_LIMIT_MS) rmSync(taking, { recursive: true, force: true });
    return;
  }
  try {
    if (isSame(readJsonFile<Owner>(endpoints), dead)) rmSync(endpoints, { force: true });
  } finally {
    rmdirSync(taking);
  }
};

const ownershipOf = ({ endpoints: path }: DataFolder, owner: Owner): Ownership => ({
  publish: (endpoints) => writePrivateFile(path, { ...owner, endpoints } satisfies Owner),
  release: () => {
    if (isSame(readJsonFile<Owner>(path), owner)) rmSync(path, { force: true });
  },
});

export type Claim = Readonly<{ kind: 'mine'; ownership: Ownership } | { kind: 'theirs'; owner: Owner & { endpoints: Endpoints } }>;

export type ClaimOptions = Readonly<{
  command: string;
  /** Given by whoever serves until told to end; then no other server may be there. */
  roles?: readonly Role[];
  /** How long to wait for another command to be done, or for another server to listen. */
  patienceMs: number;
  /** Told once, when there is someone to wait for. */
  onWait?: (owner: Owner) => void;
}>;

/** Whether somebody listens where the nodes are said to be. */
const answers = ({ eventStoreUri, mongoUri }: Endpoints): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL((eventStoreUri ?? mongoUri ?? '').replace(/^(esdb|mongodb)/, 'http'));
    const socket = connect({ host: hostname, port: Number(port) });
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
    socket.setTimeout(2_000, () => end(false));
  });

/**
 * Who runs the nodes of this folder: we, from now on, or a server that is there. Two processes never do: a file says who, which one of them can create.
 * A process that died left it behind: it is taken over. A command that will end by itself is waited for: its nodes end with it.
 * @throws Unavailable DATA_FOLDER_IN_USE when the wait is over, or when we are to serve and another server does
 */
export const claim = async (folder: DataFolder, { command, roles, patienceMs, onWait }: ClaimOptions): Promise<Claim> => {
  const startTicks = startTicksOf(process.pid);
  const me: Owner = { pid: process.pid, command, ...(startTicks && { startTicks }), ...(roles && { roles }) };
  const until = Date.now() + patienceMs;
  let isTold = false;

  for (;;) {
    if (createPrivateFile(folder.endpoints, me)) return { kind: 'mine', ownership: ownershipOf(folder, me) };

    const owner = readJsonFile<Owner>(folder.endpoints);
    if (!owner) continue;
    if (!isAlive(owner) || isSame(me, owner)) {
      clearAway(folder, owner);
      continue;
    }
    const what = `faultline ${owner.command} (process ${owner.pid})`;
    if (owner.roles && roles) throw new Unavailable('DATA_FOLDER_IN_USE', `${what} serves the data folder ${folder.path} already`);
    const { endpoints } = owner;
    if (owner.roles && endpoints && (await answers(endpoints))) return { kind: 'theirs', owner: { ...owner, endpoints } };

    if (Date.now() > until) {
      throw new Unavailable('DATA_FOLDER_IN_USE', `${what} is still using the data folder ${folder.path}: try again when it is done`);
    }
    if (!isTold) onWait?.(owner);
    isTold = true;
    await delay(POLL_MS);
  }
};
