import { Inject, Injectable } from '@nestjs/common';
import type { BusinessCalendar, WorkingTime } from '#domain/calendars';
import type { EffectiveDated } from '#kernel';
import { CALENDARS } from '#domain/definitions';
import { notDefined } from '../definitions/definition-id.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';

/** A calendar with all of its versions, the time by it, and the place in the log at which any was changed last. */
export type KnownCalendar = Readonly<{ calendar: EffectiveDated<BusinessCalendar>; time: WorkingTime; position: bigint }>;

/** Reads calendars for questions, as the log has them at that moment. */
@Injectable()
export class CalendarReader {
  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {}

  /** @throws NotFound DEFINITION_NOT_FOUND */
  async one(id: string): Promise<KnownCalendar> {
    const { site } = this.options;
    await site.refresh();
    const [calendar, time] = [site.one(CALENDARS, id), site.workingTime(id)];
    if (!calendar || !time) throw notDefined(CALENDARS, id);
    return { calendar, time, position: site.changedAt([CALENDARS]) };
  }
}
