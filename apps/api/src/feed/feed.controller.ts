import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { LOG_START, type Event, type LogMessage, type Recorded } from '#kernel';
import { INCIDENT_STREAM_PREFIX } from '#domain/incident';
import { POSITION_PATTERN, positionParam } from '../http/parameters.js';
import { CountParameter, PositionParameter } from '../http/query-fields.js';
import { Answers, JSON_LINES, Problems } from '../http/responses.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import { text } from '../schemas/schema.js';
import { eventJson } from './event-json.js';
import { EVENT } from './event.schema.js';

/** https://html.spec.whatwg.org/multipage/server-sent-events.html */
const SERVER_SENT_EVENTS = 'text/event-stream';
const LIVE = text('Server-sent events, until somebody hangs up.', {
  example: 'id: 4711\nevent: IncidentAcknowledged\ndata: {"position":"4711",…}\n\n',
});

const STREAM_PREFIXES = [INCIDENT_STREAM_PREFIX];

/** Most events of one answer; whoever wants more asks on. */
export const MOST_EVENTS = 10_000;
const DEFAULT_EVENTS = 1_000;

/** A live feed says something at least so often, so that a dead connection is noticed. */
const HEARTBEAT_MS = 15_000;

export class GetEventsDto {
  @PositionParameter('Exclusive: events behind this position; from the beginning when nothing is said.')
  after?: string;

  @CountParameter(MOST_EVENTS, `Most events of one answer; ${DEFAULT_EVENTS} when nothing is said. A live feed has no limit.`)
  limit?: number;
}

/** One event of a live feed; its id is where to resume. */
const serverSent = (event: Recorded<Event>) => `id: ${event.position}\nevent: ${event.type}\ndata: ${JSON.stringify(eventJson(event))}\n\n`;

const heartbeat = (signal: AbortSignal) =>
  new Promise<'silence'>((resolve) => {
    const timer = setTimeout(() => resolve('silence'), HEARTBEAT_MS);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });

/** Turns messages into lines for the wire, and says something when there are none for a while. */
export async function* liveLines(messages: AsyncIterable<LogMessage>): AsyncGenerator<string> {
  const source = messages[Symbol.asyncIterator]();
  try {
    yield ': connected\n\n';
    let next = source.next();
    for (;;) {
      const quiet = new AbortController();
      const outcome = await Promise.race([next, heartbeat(quiet.signal)]);
      quiet.abort();
      if (outcome === 'silence') {
        yield ': still here\n\n';
        continue;
      }
      if (outcome.done) return;
      yield outcome.value.kind === 'event'
        ? serverSent(outcome.value.event)
        : `event: caught-up\ndata: {"position":"${outcome.value.position}"}\n\n`;
      next = source.next();
    }
  } finally {
    await source.return?.();
  }
}

/** Every event of every incident, in the order of the log, for other systems: to catch up with, or as it happens. */
@ApiTags('feed')
@Controller('events')
export class FeedController {
  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {}

  @Get()
  @ApiOperation({
    operationId: 'GetEvents',
    summary: 'Events in the order of the log, one line of JSON each',
    description:
      `\`Accept: ${SERVER_SENT_EVENTS}\` keeps the answer open, and sends events as they are recorded: \`id\` is the position, \`event\` the type, ` +
      '`data` the event as JSON. `caught-up` says that nothing was left for now. `Last-Event-ID` resumes.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    description: 'The position of the last event that was taken; it counts for more than `after`.',
    schema: { type: 'string', pattern: POSITION_PATTERN.source, example: '4711' },
  })
  @Answers(200, 'Events behind `after`', { [JSON_LINES]: EVENT, [SERVER_SENT_EVENTS]: LIVE })
  @Problems(400, 503)
  async events(@Query() asked: GetEventsDto, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { log } = this.options;
    const resumed = request.headers['last-event-id'];
    const from = typeof resumed === 'string' ? positionParam(resumed, 'Last-Event-ID') : undefined;
    const after = from ?? (asked.after === undefined ? LOG_START : BigInt(asked.after));

    if (request.headers.accept?.includes(SERVER_SENT_EVENTS)) {
      const left = new AbortController();
      reply.raw.once('close', () => left.abort());
      const messages = log.subscribe<Event>({ after, streamPrefixes: STREAM_PREFIXES, signal: left.signal });
      return reply
        .header('content-type', SERVER_SENT_EVENTS)
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(liveLines(messages)));
    }

    const { limit = DEFAULT_EVENTS } = asked;
    const lines = async function* () {
      for await (const event of log.readAll<Event>({ after, streamPrefixes: STREAM_PREFIXES, limit }))
        yield `${JSON.stringify(eventJson(event))}\n`;
    };
    return reply.header('content-type', JSON_LINES).send(Readable.from(lines()));
  }
}
