import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DEFINITION_ID_PATTERN, type CommandResult } from '#kernel';
import { ON_CALL_LIMITS, swapShifts, type PersonInterval } from '#domain/on-call';
import { ON_CALL_SCHEDULES } from '#domain/definitions';
import { SiteCommand, SiteCommands } from '../definitions/site-commands.js';
import { BoundedTextField, InstantField, NestedField, PatternField, utc } from '../http/fields.js';
import { ENTRY_ID, ENTRY_ID_PATTERN } from '../http/parameters.js';

/** Time in which somebody is on call. */
export class PersonIntervalDto {
  @PatternField(DEFINITION_ID_PATTERN, 'the id of a person', { description: 'Who is on call then.', example: 'els-jacobs' })
  person!: string;

  @InstantField({ description: 'From then on: not before now.' })
  from!: string;

  @InstantField({ description: `Until then; at most ${ON_CALL_LIMITS.intervalDays} days.` })
  to!: string;
}

export class SwapShiftsDto {
  @PatternField(ENTRY_ID_PATTERN, ENTRY_ID, {
    optional: true,
    description: 'What to call it; a new id, when nothing is said.',
    example: 's-1',
  })
  swapId?: string;

  @NestedField(() => PersonIntervalDto, { description: 'What the first of them gives to the second.' })
  first!: PersonIntervalDto;

  @NestedField(() => PersonIntervalDto, { description: 'What the second of them gives to the first.' })
  second!: PersonIntervalDto;

  @BoundedTextField({ min: 1, max: ON_CALL_LIMITS.reasonLength }, { optional: true, description: 'Why.' })
  reason?: string;
}

export const SWAP_SHIFTS_EXAMPLE: SwapShiftsDto = {
  first: { person: 'els-jacobs', from: '2030-01-14T08:00:00Z', to: '2030-01-21T08:00:00Z' },
  second: { person: 'tom-maes', from: '2030-01-21T08:00:00Z', to: '2030-01-28T08:00:00Z' },
  reason: 'A wedding',
};

/** Two people take each other’s time. */
export class SwapShiftsCommand extends SiteCommand<SwapShiftsDto & Readonly<{ swapId: string }>> {}

const inUtc = ({ person, from, to }: PersonIntervalDto): PersonInterval => ({ person, from: utc(from), to: utc(to) });

@CommandHandler(SwapShiftsCommand)
export class SwapShiftsHandler implements ICommandHandler<SwapShiftsCommand> {
  constructor(private readonly commands: SiteCommands) {}

  /** @throws what `swapShifts` throws */
  execute({ id, body: { swapId, first, second, reason }, request }: SwapShiftsCommand): Promise<CommandResult> {
    const { now } = request;
    const swap = { id, swapId, first: inUtc(first), second: inUtc(second), now, ...(reason !== undefined && { reason }) };
    return this.commands.handle(ON_CALL_SCHEDULES, id, 'SwapShifts', request, (timeline) => swapShifts(swap, timeline));
  }
}
