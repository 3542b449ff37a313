import {
  derivedId,
  eventCatalogue,
  eventsOfCommand,
  handleCommand,
  inputHash,
  LOG_START,
  NO_STREAM,
  type Actor,
  type CommandContext,
  type Event,
  type EventLog,
} from '#kernel';
import { INCIDENT_STREAM_PREFIX } from '#domain/incident';
import { defaultSite, GRACE_MS, type DefaultDefinition } from './default-site.js';
import { DEFINITION_STREAM_PREFIXES } from './kinds.js';

/** What happens once in the life of a site. */
export type SiteSetupEvent =
  /** Nothing was there yet: it gets the defaults, as of this instant and in this zone, whoever writes them. */
  Event<'SiteSetupBegun', { timeZone: string; begunAt: string }> | Event<'SiteSetupFinished', { finishedAt: string }>;

export const siteSetupCatalogue = eventCatalogue<SiteSetupEvent>({
  SiteSetupBegun: { storedName: 'SiteSetupBegun' },
  SiteSetupFinished: { storedName: 'SiteSetupFinished' },
});

/** No prefix of a definition begins its name, so nobody takes it for one. */
export const SITE_SETUP_STREAM = 'setup-site';

const PROGRAM: Actor = { kind: 'automation', id: 'site-setup', name: 'Faultline' };

/** The same step of the same site is the same command, in whichever process and at whichever attempt. */
const contextOf = (step: string, input: unknown): CommandContext => {
  const commandId = derivedId('site-setup', step);
  return { commandId, commandHash: inputHash(input), actor: PROGRAM, correlationId: derivedId('site-setup', 'all') };
};

type Begun = Extract<SiteSetupEvent, { type: 'SiteSetupBegun' }>['data'];

/** Where the setup of a site stands; nothing is there where it has not begun. */
type Progress = Readonly<{ begun?: Begun; isFinished: boolean }>;

const progressOf = async (log: EventLog): Promise<Progress> => {
  const setup: SiteSetupEvent[] = [];
  for await (const event of log.readStream<SiteSetupEvent>(SITE_SETUP_STREAM)) setup.push(event);
  return setup.reduce<Progress>(
    (progress, event) => (event.type === 'SiteSetupBegun' ? { ...progress, begun: event.data } : { ...progress, isFinished: true }),
    { isFinished: false },
  );
};

/** Whether a site has neither incidents nor definitions. Costs a look at the first event of either. */
const isEmpty = async (log: EventLog): Promise<boolean> => {
  const streamPrefixes = [INCIDENT_STREAM_PREFIX, ...DEFINITION_STREAM_PREFIXES];
  for await (const _ of log.readAll({ after: LOG_START, streamPrefixes, limit: 1 })) return false;
  return true;
};

/** Writes where the setup stands. Its event has the same id whoever writes it, so the log takes the first one and no other. */
const note = async (log: EventLog, expectedRevision: bigint, event: SiteSetupEvent): Promise<void> => {
  await log.append(SITE_SETUP_STREAM, expectedRevision, eventsOfCommand(SITE_SETUP_STREAM, contextOf(event.type, event.data), [event]));
};

/** Defines one default, where nobody has said anything under its name. */
const define = async (log: EventLog, { kind, id, definition, acts }: DefaultDefinition, { begunAt }: Begun): Promise<void> => {
  const effectiveFrom = new Date(Date.parse(begunAt) + (acts ? GRACE_MS : 0)).toISOString();
  const streamName = `${kind.streamPrefix}${id}`;
  const command = { id, definition, effectiveFrom, reason: 'A new site begins with it', now: begunAt };
  await handleCommand(log, kind.decider, streamName, contextOf(streamName, command), (state) =>
    state.versions.length > 0 ? [] : kind.define(command, state),
  );
};

/** What a site was given. */
export type SiteSetup = Readonly<{ defaults: readonly DefaultDefinition[] }>;

/**
 * Gives a site that has nothing yet the defaults, once: as any definition is said, and as such in its history. Begun by a process that was
 * killed, it is finished by the next one; begun by two at once, it is done once. Whatever somebody has said meanwhile stands.
 * @param timeZone of the office hours: IANA
 * @param now ISO 8601, UTC
 * @returns what was written; `undefined` where there was nothing to do
 * @throws Unavailable where the log cannot be reached
 */
export const setUpSite = async (
  log: EventLog,
  { timeZone, now }: Readonly<{ timeZone: string; now: string }>,
): Promise<SiteSetup | undefined> => {
  let progress = await progressOf(log);
  if (progress.isFinished) return undefined;
  if (!progress.begun) {
    if (!(await isEmpty(log))) return undefined;
    await note(log, NO_STREAM, { type: 'SiteSetupBegun', data: { timeZone, begunAt: now } });
    progress = await progressOf(log);
  }
  const begun = progress.begun as Begun;
  const defaults = defaultSite(begun.timeZone);
  for (const one of defaults) await define(log, one, begun);
  await note(log, 0n, { type: 'SiteSetupFinished', data: { finishedAt: now } });
  return { defaults };
};
