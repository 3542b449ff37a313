import { Inject, Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Contended, derivedId, inputHash, NotFound, Refusal, type Actor } from '#kernel';
import { assertUnused, type LinkAction, type OneTimeLink } from '#domain/one-time-links';
import type { IncidentDetails } from '#projections';
import type { CommandRequest } from '../http/command-request.js';
import { confirmResolution } from '../incidents/use-cases/confirm-resolution.js';
import { rejectResolution } from '../incidents/use-cases/reject-resolution.js';
import { API_OPTIONS, nowOf, type ApiOptions } from '../options.js';
import { GetReplay } from '../queries/get-replay.js';

/** In which role a reporter acts who came by a link: the log tells these answers from those of somebody who signed in. */
const BY_LINK = 'reporter-by-link';

/** How often a race with others who change the incident is run again. */
const RETRIES = 3;

/**
 * Where a link leads. `asked`: the reporter may say whether it works. `confirmed`: they said that it does. `reason-wanted`: they said that it
 * does not, and not why. `moved-on`: it was reopened or resolved anew since.
 */
export type Place = 'asked' | 'confirmed' | 'reason-wanted' | 'rejected' | 'closed' | 'moved-on' | 'invalid' | 'expired';

/** A place, the incident it is about, and what can still be answered there. */
export type Standing = Readonly<{ is: Place; incident?: IncidentDetails; question?: Question }>;

/** A question that can be answered: by these links, at this revision of the incident. */
type Question = Readonly<{ link: OneTimeLink; revision: bigint; tokens: Readonly<Record<LinkAction, string>> }>;

const reporterOf = ({ reporter }: IncidentDetails): Actor => ({ kind: 'person', id: reporter, roles: [BY_LINK] });

/** Whether a link is of a resolution that does not stand any more. One that does may be rejected, even where it was confirmed. */
const isOver = (link: OneTimeLink, { status, resolution }: IncidentDetails): boolean => {
  try {
    assertUnused({ ...link, action: 'reject' }, status === 'resolved' ? resolution : null);
    return false;
  } catch {
    return true;
  }
};

/** Answers of reporters who came by a one-time link. To look changes nothing: whoever opens the mail may be a machine. */
@Injectable()
export class Confirmation {
  constructor(
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  /** What a token leads to now, as the log has it. Costs one read of the incident's history. */
  async look(token: string): Promise<Standing> {
    const { links } = this.options;
    if (!links) return { is: 'invalid' };
    try {
      const link = links.read(token, nowOf(this.options));
      const { incident, revision } = await this.queries.execute(new GetReplay(link.incidentId, {}));
      const { status, resolution } = incident;
      if (status === 'closed') {
        const isConfirmed = resolution?.revision === link.resolutionRevision && resolution.confirmed;
        return { is: isConfirmed ? 'confirmed' : 'closed', incident };
      }
      if (isOver(link, incident)) return { is: 'moved-on', incident };
      const tokens = { confirm: links.tokenOf({ ...link, action: 'confirm' }), reject: links.tokenOf({ ...link, action: 'reject' }) };
      return { is: resolution?.confirmed ? 'confirmed' : 'asked', incident, question: { link, revision, tokens } };
    } catch (error) {
      if (error instanceof Refusal && error.code === 'LINK_EXPIRED') return { is: 'expired' };
      if ((error instanceof Refusal && error.code === 'LINK_INVALID') || error instanceof NotFound) return { is: 'invalid' };
      throw error;
    }
  }

  /**
   * Does what the link of this token is for, once, and says where that leads. It is done at the revision that was looked at; where the
   * incident has changed meanwhile, it is looked at again.
   * @param reason why it does not work; a link that rejects does nothing without
   * @throws Contended where others keep changing it
   */
  async answer(token: string, correlationId: string, reason: string | undefined): Promise<Standing> {
    for (let attempt = 0; attempt <= RETRIES; attempt++) {
      const standing = await this.look(token);
      const { incident, question } = standing;
      if (!incident || !question) return standing;
      const { action } = question.link;
      if (action === 'confirm' && standing.is === 'confirmed') return standing;
      if (action === 'reject' && reason === undefined) return { ...standing, is: 'reason-wanted' };
      try {
        await this.commands.execute(this.#commandOf(token, correlationId, incident, question, reason ?? ''));
        return action === 'confirm' ? { ...standing, is: 'confirmed' } : { is: 'rejected', incident };
      } catch (error) {
        const isLost = error instanceof Refusal && (error.kind === 'stale' || error.kind === 'key-reused');
        if (!isLost) throw error;
      }
    }
    throw new Contended('the incident');
  }

  /** The command that somebody would send who signed in. The token tells it from every other: it is the same one, however often it is sent. */
  #commandOf(token: string, correlationId: string, incident: IncidentDetails, { link, revision }: Question, reason: string) {
    const request: CommandRequest = {
      context: {
        commandId: derivedId('one-time-link', token),
        commandHash: inputHash({ token, reason }),
        actor: reporterOf(incident),
        correlationId,
        expectedRevision: revision,
      },
      now: nowOf(this.options),
    };
    return link.action === 'confirm'
      ? new confirmResolution.command(link.incidentId, {}, request)
      : new rejectResolution.command(link.incidentId, { reason }, request);
  }
}
