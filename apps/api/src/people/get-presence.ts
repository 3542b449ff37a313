import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Page } from '#kernel';
import { personAt, presenceAt } from '#domain/people';
import type { Found } from '../http/page-answer.js';
import { pageOfAll } from '../http/page-of-all.js';
import { BooleanParameter, InstantParameter, ListDto, TextParameter } from '../http/query-fields.js';
import { Views } from '../queries/views.js';
import { PeopleReader, type KnownPerson } from './people-reader.js';

export class GetPresenceDto extends ListDto {
  @InstantParameter('At this instant, of the past or the future; now, when nothing is said.')
  at?: string;

  @TextParameter('Only the members of this team.', 'network')
  team?: string;

  @BooleanParameter('Only those who are there, or those who are not.')
  present?: boolean;
}

/** Whether somebody is there. What is null is not known, or does not matter: who is there needs no cause. */
export type ShownPresence = Readonly<{
  person: string;
  name: string | null;
  present: boolean;
  cause: 'not-in-use' | 'absent' | 'outside-working-hours' | null;
  until: string | null;
  why: string | null;
}>;

export type PresencePage = Page<ShownPresence> & Readonly<{ summary: string }>;

/** Who is there. */
export class GetPresence extends Query<Found<PresencePage>> {
  constructor(
    readonly asked: GetPresenceDto,
    /** ISO 8601, UTC. */
    readonly at: string,
  ) {
    super();
  }
}

const shownPresence = ({ id, timeline }: KnownPerson, at: string): ShownPresence => {
  const presence = presenceAt(timeline, at);
  const { present, cause, until, why } = presence.present ? { ...presence, cause: null, until: null, why: null } : presence;
  return { person: id, name: personAt(timeline, at)?.name ?? null, present, cause, until, why };
};

@QueryHandler(GetPresence)
export class GetPresenceHandler implements IQueryHandler<GetPresence> {
  constructor(
    private readonly reader: PeopleReader,
    private readonly views: Views,
  ) {}

  /** @throws NotFound DEFINITION_NOT_FOUND; InvalidInput CURSOR_INVALID */
  async execute({ asked, at }: GetPresence): Promise<Found<PresencePage>> {
    const { known, why, position } = await this.reader.those(asked.team, at);
    const all = known.map((person) => shownPresence(person, at));
    const there = all.filter(({ present }) => present).length;
    const summary = all.length === 0 ? why : `There at ${at}: ${there} of ${all.length}`;
    const wanted = all.filter(({ present }) => asked.present === undefined || present === asked.present);
    return { value: { ...pageOfAll({ person: 1 }, wanted, this.views.pageRequest(asked)), summary }, position };
  }
}
