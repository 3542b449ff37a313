import { Inject, Injectable } from '@nestjs/common';
import { versionAt } from '#kernel';
import { people, type PersonTimeline } from '#domain/people';
import { PEOPLE, TEAMS } from '#domain/definitions';
import { notDefined } from '../definitions/definition-id.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';

/** Somebody, with all that was ever said of them. */
export type KnownPerson = Readonly<{ id: string; timeline: PersonTimeline }>;

/** People in the order of their ids, and the place in the log at which they were changed last; where there is nobody, `why` says why. */
export type KnownPeople = Readonly<{ known: readonly KnownPerson[]; why: string; position: bigint }>;

/** Reads people for questions, as the log has them at that moment. */
@Injectable()
export class PeopleReader {
  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {}

  /** The members of a team at an instant (ISO 8601, UTC); without one, everybody. @throws NotFound DEFINITION_NOT_FOUND */
  async those(team: string | undefined, at: string): Promise<KnownPeople> {
    const { site } = this.options;
    await site.refresh();
    const all = site.of(PEOPLE);
    const { ids, why } =
      team === undefined ? { ids: [...all.keys()], why: 'Nobody is defined: PUT /api/v1/people/ID does it' } : this.#members(team, at);
    const known = ids.toSorted().map((id) => ({ id, timeline: all.get(id) ?? people.decider.initialState }));
    return { known, why, position: site.changedAt([PEOPLE, TEAMS]) };
  }

  #members(team: string, at: string): Readonly<{ ids: readonly string[]; why: string }> {
    const dated = this.options.site.one(TEAMS, team);
    if (!dated) throw notDefined(TEAMS, team);
    const inForce = versionAt(dated, at);
    return { ids: inForce?.definition.members ?? [], why: `Team ${team} ${inForce ? 'has no members' : 'is not in use'} at ${at}` };
  }
}
