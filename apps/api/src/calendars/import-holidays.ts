import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { parseBusinessCalendar, withFeedHolidays, type FeedHolidays } from '#domain/calendars';
import { IllegalTransition, latestVersion, retiredFrom, type CommandResult } from '#kernel';
import { CALENDARS } from '#domain/definitions';
import { notDefined } from '../definitions/definition-id.js';
import { SiteCommand, SiteCommands } from '../definitions/site-commands.js';
import { InstantParameter, TextParameter } from '../http/query-fields.js';

const DAY_LENGTH = '2026-01-01'.length;

export class ImportHolidaysDto {
  @TextParameter('The first day that is taken from the feed; the first of this year, when nothing is said.', '2026-01-01', DAY_LENGTH)
  from?: string;

  @TextParameter('The last one; the last of next year, when nothing is said.', '2027-12-31', DAY_LENGTH)
  to?: string;

  @InstantParameter('From when on the calendar has them; from now on, when nothing is said.')
  effectiveFrom?: string;
}

/** A calendar is given the days off of a feed. */
export class ImportHolidaysCommand extends SiteCommand<FeedHolidays & Readonly<{ effectiveFrom?: string }>> {}

@CommandHandler(ImportHolidaysCommand)
export class ImportHolidaysHandler implements ICommandHandler<ImportHolidaysCommand> {
  constructor(private readonly commands: SiteCommands) {}

  /**
   * Defines the calendar anew, on top of what was said of it last.
   * @throws NotFound DEFINITION_NOT_FOUND; IllegalTransition DEFINITION_RETIRED; InvalidInput CALENDAR_INVALID, and what `define` throws
   */
  execute({ id, body: { effectiveFrom, ...feed }, request }: ImportHolidaysCommand): Promise<CommandResult> {
    return this.commands.handle(CALENDARS, id, 'ImportHolidays', request, (calendar) => {
      const latest = latestVersion(calendar);
      if (!latest) throw notDefined(CALENDARS, id);
      const retired = retiredFrom(calendar);
      if (retired !== undefined)
        throw new IllegalTransition('DEFINITION_RETIRED', `It is out of use from ${retired} on: define it again first`);
      const definition = parseBusinessCalendar(withFeedHolidays(latest.definition, feed));
      const reason = `Days off from ${feed.from} to ${feed.to} by the feed ${feed.feed}`;
      return CALENDARS.define(
        { id, definition, reason, now: request.now, ...(effectiveFrom !== undefined && { effectiveFrom }) },
        calendar,
      );
    });
  }
}
