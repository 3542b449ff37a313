import { incidentStream, type IncidentEvent } from '#domain/incident';
import { NotFound, type Recorded } from '#kernel';
import { replay, parseReplayPoint, type ReplayClock, type Replayed } from '#projections';
import { instant, labelled } from '../terminal/table.js';
import { jsonOf } from '../terminal/terminal.js';
import { incidentIdOf, onSite, type Outcome, type Surroundings } from './command.js';

export type ReplayCommand = Readonly<{ to?: string; clock?: ReplayClock }>;

const notFound = (incidentId: string) => new NotFound('INCIDENT_NOT_FOUND', `No incident has the number ${incidentId}`);

const asJson = ({ id, type, revision, position, occurredAt, recordedAt, data, metadata }: Recorded<IncidentEvent>) => ({
  revision: Number(revision),
  position,
  id,
  type,
  occurredAt,
  recordedAt,
  data,
  metadata,
});

const asText = ({
  type,
  revision,
  position,
  occurredAt,
  recordedAt,
  data,
  metadata: { actor, origin },
}: Recorded<IncidentEvent>): string => {
  const { incidentId: _, ...content } = data;
  const said = Object.entries(content).map(([field, value]) => [field, typeof value === 'string' ? value : JSON.stringify(value)] as const);
  const recorded = recordedAt === occurredAt ? '' : `, recorded ${instant(recordedAt)}`;
  return [
    `${revision + 1n}. ${type}  ${instant(occurredAt)}${recorded}`,
    labelled(
      [
        ['by', `${actor.kind} ${actor.name ?? actor.id}${actor.onBehalfOf ? ` on behalf of ${actor.onBehalfOf}` : ''}`],
        ...(origin ? [['from', `${origin.file}, row ${origin.row}`] as const] : []),
        ['position', position.toString()],
        ...said,
      ],
      '   ',
    ),
  ].join('\n');
};

/** `faultline history`: every event of one incident, as recorded, from the log itself. It streams. */
export const runHistory = async (text: string, _: object, around: Surroundings): Promise<Outcome> => {
  const incidentId = incidentIdOf(text);
  const { terminal } = around;
  await onSite('history', around, async ({ log }) => {
    let count = 0;
    for await (const event of log.readStream<IncidentEvent>(incidentStream(incidentId))) {
      const before =
        count++ === 0
          ? terminal.json
            ? `{\n"incidentId": ${JSON.stringify(incidentId)},\n"events": [\n`
            : ''
          : terminal.json
            ? ',\n'
            : '\n';
      await terminal.piece(before + (terminal.json ? jsonOf(asJson(event)) : `${asText(event)}\n`));
    }
    if (count === 0) throw notFound(incidentId);
    if (terminal.json) await terminal.piece('\n]\n}\n');
  });
  return 'done';
};

const shown = ({ incident, events, position }: Replayed): string => {
  const { number, title, status, priority, team, agent, category, subcategory, reporter, timeline } = incident;
  const known = (value: string | null) => value ?? '–';
  return [
    `${number}: ${title}`,
    '',
    labelled([
      ['status', status],
      ['priority', known(priority)],
      ['category', [category, subcategory].filter((part) => part !== null).join(' / ') || '–'],
      ['team', known(team)],
      ['agent', known(agent)],
      ['reporter', reporter],
      ['reported', instant(incident.reportedAt)],
      ['updated', instant(incident.updatedAt)],
      ['events', `${events}, the last of them at position ${position}`],
    ]),
    '',
    ...timeline.latest.map(({ revision, at, by, headline }) => `${revision + 1}. ${instant(at)}  ${headline} (${by})`),
  ].join('\n');
};

/** `faultline replay`: the incident as it was at a point of its history. */
export const runReplay = async (text: string, { to, clock }: ReplayCommand, around: Surroundings): Promise<Outcome> => {
  const incidentId = incidentIdOf(text);
  const point = to === undefined ? undefined : parseReplayPoint(to, clock);
  const replayed = await onSite('replay', around, async ({ log }) => {
    const found = await replay(log.readStream<IncidentEvent>(incidentStream(incidentId)), point);
    if (found) return found;
    if (point && (await log.readLast(incidentStream(incidentId)))) {
      throw new NotFound('INCIDENT_NOT_REPORTED_YET', `${incidentId} had not been reported by ${to}`);
    }
    throw notFound(incidentId);
  });
  around.terminal.answer(replayed, shown);
  return 'done';
};
