import { Inject, Injectable } from '@nestjs/common';
import { NotFound } from '#kernel';
import { isNamedIn, type KnownSchedule } from '#domain/on-call';
import { ON_CALL_SCHEDULES, PEOPLE, type SiteDefinitions } from '#domain/definitions';
import { notDefined } from '../definitions/definition-id.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';

/**
 * Schedules, in the order of their ids, with all that was ever said of them; the site that they are of, and the place in the log at which that was
 * changed last.
 */
export type Schedules = Readonly<{ schedules: readonly KnownSchedule[]; site: SiteDefinitions; position: bigint }>;

/** Reads the on-call schedules for questions, as the log has them at that moment: whoever has just arranged something finds it. */
@Injectable()
export class ScheduleReader {
  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {}

  /** Those with these ids; without any said, all of them. @throws NotFound DEFINITION_NOT_FOUND */
  async those(ids?: readonly string[]): Promise<Schedules> {
    const { site } = this.options;
    await site.refresh();
    const known = site.of(ON_CALL_SCHEDULES);
    const schedules = [...new Set(ids ?? known.keys())].sort().map((id) => {
      const timeline = known.get(id);
      if (!timeline) throw notDefined(ON_CALL_SCHEDULES, id);
      return { id, timeline };
    });
    return { schedules, site, position: site.changedAt([ON_CALL_SCHEDULES, PEOPLE]) };
  }

  /** Those in which somebody is named. @throws NotFound PERSON_NOT_FOUND */
  async of(person: string): Promise<Schedules> {
    const { schedules, ...rest } = await this.those();
    if (!rest.site.one(PEOPLE, person)) throw new NotFound('PERSON_NOT_FOUND', `Nobody is defined under the id ${person}`);
    return { schedules: schedules.filter(({ timeline }) => isNamedIn(timeline, person)), ...rest };
  }
}
