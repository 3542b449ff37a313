import { accessDenied } from '../rpc-error.js';
import { isMetastream, type EventLog } from '../log/event-log.js';
import { parseAcl, type StreamAcl } from '../log/stream-metadata.js';
import { ADMINS, EVERYONE, isAdministrator, type Principal } from './principal.js';

/** What one may want of a stream. */
export type StreamOperation = 'read' | 'write' | 'delete';

const OF_STREAM = { read: '$r', write: '$w', delete: '$d' } as const;
const OF_METASTREAM = { read: '$mr', write: '$mw' } as const;

const SETTINGS_STREAM = '$settings';
const ALL = '$all';

/** What holds for streams that say nothing of their own. */
type Defaults = Readonly<{ revision: number; user: StreamAcl; system: StreamAcl }>;

/**
 * Who may do what with which stream: the `$acl` of its metadata, else what the stream `$settings` says of all streams
 * (`$userStreamAcl`, `$systemStreamAcl`), else everyone who is known for streams, and administrators for those that begin with `$`. Each
 * kind of access falls back by itself. Administrators may do everything but what nobody may.
 */
export class StreamAccess {
  private defaults: Defaults = { revision: -1, user: {}, system: {} };

  constructor(private readonly log: EventLog) {}

  allows(principal: Principal, operation: StreamOperation, streamName: string): boolean {
    const metastream = isMetastream(streamName);
    if (streamName === ALL && operation !== 'read') return false;
    if (metastream && operation === 'delete') return false;
    if (isAdministrator(principal)) return true;
    if (typeof principal === 'string') return false;

    const owner = metastream ? streamName.slice(2) : streamName;
    const kind = metastream && operation !== 'delete' ? OF_METASTREAM[operation] : OF_STREAM[operation];
    const isSystem = owner.startsWith('$');
    const { user, system } = this.currentDefaults();
    const roles = this.log.metadataOf(owner).acl?.[kind] ?? (isSystem ? system : user)[kind] ?? [isSystem ? ADMINS : EVERYONE];
    return roles.some((role) => role === EVERYONE || role === principal.username || principal.groups.includes(role));
  }

  /** @throws RpcError access-denied */
  assert(principal: Principal, operation: StreamOperation, streamName: string): void {
    if (!this.allows(principal, operation, streamName)) throw accessDenied();
  }

  private currentDefaults(): Defaults {
    const revision = this.log.lastRevision(SETTINGS_STREAM);
    if (revision !== this.defaults.revision) this.defaults = { revision, ...this.readDefaults() };
    return this.defaults;
  }

  private readDefaults(): Readonly<{ user: StreamAcl; system: StreamAcl }> {
    try {
      const settings = JSON.parse(this.log.lastEvent(SETTINGS_STREAM)?.data.toString() ?? '{}') as Record<string, unknown>;
      return { user: parseAcl(settings.$userStreamAcl) ?? {}, system: parseAcl(settings.$systemStreamAcl) ?? {} };
    } catch {
      return { user: {}, system: {} };
    }
  }
}
