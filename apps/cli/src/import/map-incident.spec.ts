import { beforeAll, describe, expect, it } from '@jest/globals';
import { findMapping } from './find-mapping.js';
import { rowMapper, type MappedIncident, type RowMapper } from './map-incident.js';
import type { Mapping } from './mapping.js';
import { InvalidMapping, parseMapping } from './mapping-parser.js';

const COLUMNS = [
  'number', 'incident_state', 'made_sla', 'caller_id', 'opened_by', 'opened_at', 'sys_updated_by', 'sys_updated_at', 'contact_type', 'location',
  'category', 'subcategory', 'u_symptom', 'cmdb_ci', 'impact', 'urgency', 'priority', 'assignment_group', 'assigned_to', 'closed_code',
] as const; // prettier-ignore
type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

const NOW = Date.UTC(2020, 0, 1);
const REPORTED: Row = {
  number: 'INC0000045',
  incident_state: 'New',
  made_sla: 'true',
  opened_at: '29/2/2016 01:16',
  sys_updated_at: '29/2/2016 01:23',
  impact: '2 - Medium',
  urgency: '2 - Medium',
  priority: '3 - Moderate',
};

/** Each row says only what it changes; whatever no row said is not known. */
const rowsOf = (...changes: Row[]) => {
  let current: Row = REPORTED;
  return changes.map((change, n) => {
    current = { ...current, ...change };
    return { line: n + 2, row: n + 1, cells: COLUMNS.map((column) => current[column] ?? '?') };
  });
};

describe('the servicenow mapping', () => {
  let mapper: RowMapper;
  beforeAll(async () => {
    mapper = rowMapper(await findMapping('servicenow'), COLUMNS, NOW);
  });
  const map = (...changes: Row[]): MappedIncident => mapper.map('INC0000045', rowsOf(...changes));
  const typesOf = (...changes: Row[]) => map(...changes).events.map(({ event }) => event.type.replace(/^Incident/, ''));

  it('reports, prioritizes and, where any is known, categorizes at the opening', () => {
    const { events } = map({ category: 'Category 1', caller_id: 'Caller 7', opened_by: 'Opened by 1', contact_type: 'Self service' });
    expect(events).toEqual([
      {
        event: {
          type: 'IncidentReported',
          data: {
            incidentId: 'INC0000045',
            title: 'Category 1',
            reporter: 'Caller 7',
            channel: 'portal',
            externalReference: 'INC0000045',
            serviceLevelImported: true,
          },
        },
        occurredAt: '2016-02-29T01:16:00.000Z',
        row: 1,
        by: 'Opened by 1',
      },
      {
        event: {
          type: 'IncidentCategorized',
          data: { incidentId: 'INC0000045', category: 'Category 1', subcategory: null, symptom: null, by: 'person' },
        },
        occurredAt: '2016-02-29T01:16:00.000Z',
        row: 1,
        by: 'Opened by 1',
      },
      {
        event: {
          type: 'IncidentPrioritized',
          data: {
            incidentId: 'INC0000045',
            impact: '2 - Medium',
            urgency: '2 - Medium',
            risks: [],
            priority: '3 - Moderate',
            matrixVersion: 'servicenow',
          },
        },
        occurredAt: '2016-02-29T01:16:00.000Z',
        row: 1,
        by: 'Opened by 1',
      },
    ]);
    expect(typesOf({})).toEqual(['Reported', 'Prioritized']);
  });

  it('takes what a row changes, and says who changed it', () => {
    const { events } = map(
      {},
      { assignment_group: 'Group 1', sys_updated_by: 'Updated by 3', sys_updated_at: '29/2/2016 01:25' },
      { assignment_group: '?' },
    );
    expect(events.slice(2)).toMatchObject([
      {
        event: { data: { team: 'Group 1', agent: null, why: 'person' } },
        occurredAt: '2016-02-29T01:25:00.000Z',
        by: 'Updated by 3',
        row: 2,
      },
      { event: { data: { team: null, agent: null } }, row: 3 },
    ]);
  });

  it.each<[string, Row[], string[]]>([
    ['a row that changes nothing', [{}, { sys_updated_at: '29/2/2016 01:30' }], []],
    [
      'the whole way',
      ['Active', 'Awaiting Vendor', 'Active', 'Resolved', 'Closed'].map((incident_state) => ({ incident_state })),
      ['Acknowledged', 'PutOnHold', 'Resumed', 'Resolved', 'Closed'],
    ],
    ['one that does not start in New', [{ incident_state: 'Active' }], ['Acknowledged']],
    ['one that begins in Awaiting', [{ incident_state: 'Awaiting Problem' }], ['PutOnHold']],
    [
      'one wait after another',
      [{ incident_state: 'Awaiting Vendor' }, { incident_state: 'Awaiting Evidence' }],
      ['PutOnHold', 'PutOnHold'],
    ],
    ['closed without resolved', [{}, { incident_state: 'Closed' }], ['Closed']],
    ['left Closed', [{ incident_state: 'Closed' }, { incident_state: 'Active' }], ['Closed', 'Reopened']],
    [
      'reopened into a wait',
      [{ incident_state: 'Resolved' }, { incident_state: 'Awaiting User Info' }],
      ['Resolved', 'Reopened', 'PutOnHold'],
    ],
    ['the state -100', [{ incident_state: '-100' }, { incident_state: 'Resolved' }], ['PutOnHold', 'Resolved']],
    ['a breach on the first row', [{ made_sla: 'false' }], ['Breached']],
    ['a breach, once', [{}, { made_sla: 'false' }, { incident_state: 'Active' }], ['Breached', 'Acknowledged']],
    ['a category known later', [{}, { category: 'Category 1' }], ['Categorized']],
    [
      'several changes in one row, in order',
      [{}, { incident_state: 'Active', assigned_to: 'A', priority: '1 - Critical', category: 'C', made_sla: 'false' }],
      ['Categorized', 'Prioritized', 'Assigned', 'Breached', 'Acknowledged'],
    ],
  ])('%s', (_, rows, expected) => {
    expect(
      typesOf(...rows)
        .slice(2)
        .map((type) => type.replace(/^Sla/, '')),
    ).toEqual(expected);
  });

  it('keeps the order of the file, in one minute and back in time', () => {
    const { events } = map({}, { incident_state: 'Active' }, { incident_state: 'Resolved', sys_updated_at: '28/2/2016 00:00' });
    expect(events.slice(2).map(({ event, occurredAt }) => [event.type, occurredAt])).toEqual([
      ['IncidentAcknowledged', '2016-02-29T01:23:00.000Z'],
      ['IncidentResolved', '2016-02-28T00:00:00.000Z'],
    ]);
  });

  it('says why it waits, and believes closed_code where it closes only', () => {
    const { events } = map({ closed_code: 'code 5', incident_state: '-100' }, { incident_state: 'Resolved' }, { incident_state: 'Closed' });
    expect(events.slice(2).map(({ event }) => event.data)).toMatchObject([{ reason: 'unknown' }, { code: 'unknown' }, { code: 'code 5' }]);
  });

  it.each<[string, Row, string]>([
    ['an unknown state', { incident_state: 'Parked' }, 'incident_state is "Parked": the mapping knows New, Active,'],
    ['no state', { incident_state: '?' }, 'incident_state is not known'],
    [
      'a day that is none',
      { sys_updated_at: '31/2/2016 01:00', assigned_to: 'A' },
      'sys_updated_at is "31/2/2016 01:00": it is no time like d/M/yyyy HH:mm',
    ],
    ['no time', { sys_updated_at: '?', assigned_to: 'A' }, 'sys_updated_at is not known: IncidentAssigned has no time'],
    ['a time to come', { sys_updated_at: '1/1/2999 00:00', assigned_to: 'A' }, 'sys_updated_at is "1/1/2999 00:00": that is in the future'],
    ['a name without end', { assigned_to: 'A'.repeat(201) }, 'agent has 201 characters: it takes at most 200'],
  ])('leaves an incident out that has %s, and says in which line', (_, row, reason) => {
    const { events, faults } = map({}, row);
    expect(events).toEqual([]);
    expect(faults).toEqual([{ line: 3, reason: expect.stringContaining(reason) }]);
  });

  it.each([
    ['?', 'number is not known'],
    ['INC', 'ends in digits'],
    ['INC0', 'ends in digits'],
    ['INC99999999999', 'ends in digits'],
  ])('does not take %s for a number', (number, reason) => {
    expect(() => mapper.keyOf(rowsOf({ number })[0]?.cells ?? [])).toThrow(reason);
  });

  it('names every column that a file lacks', async () => {
    const mapping = await findMapping('servicenow');
    expect(() =>
      rowMapper(
        mapping,
        COLUMNS.map((column) => (column === 'opened_at' ? 'opend_at' : column)),
        NOW,
      ),
    ).toThrow('opened_at: the file has no such column; did you mean opend_at?');
  });
});

describe('another system', () => {
  const mapping: Mapping = parseMapping(
    `
name: helpdesk
file: { delimiter: ';', time: iso, zone: Europe/Berlin }
incident: \${Ticket No}
at: $When
events:
  - event: IncidentReported
    rows: first
    data: { title: 'Ticket \${Ticket No}: $Subject', reporter: $Who, channel: email, configurationItems: [$Asset, $Site] }
  - event: NoteAdded
    when: { known: Note }
    data: { noteId: 'n-$When', visibility: internal, text: $Note }
  - event: WorkLogged
    when: { is: { Kind: [work, travel] } }
    data: { workId: 'w-$When', minutes: $Minutes, activity: $Kind }
`,
    'helpdesk.yaml',
  );
  const header = ['Ticket No', 'When', 'Subject', 'Who', 'Asset', 'Site', 'Note', 'Kind', 'Minutes'];
  const mapper = rowMapper(mapping, header, NOW);
  const map = (...rows: string[][]) =>
    mapper.map(
      'INC0000007',
      rows.map((cells, n) => ({ line: n + 2, row: n + 1, cells })),
    );

  it('has its own columns, texts, lists, numbers and zone', () => {
    const { events, faults } = map(['T-7', '2019-07-01 12:00', 'No ink', 'Eve', 'Printer 3', '', 'Called back', 'work', '15']);
    expect(faults).toEqual([]);
    expect(events.map(({ event, occurredAt }) => [occurredAt, event.data])).toEqual([
      [
        '2019-07-01T10:00:00.000Z',
        { incidentId: 'INC0000007', title: 'Ticket T-7: No ink', reporter: 'Eve', channel: 'email', configurationItems: ['Printer 3'] },
      ],
      ['2019-07-01T10:00:00.000Z', { incidentId: 'INC0000007', noteId: 'n-2019-07-01 12:00', visibility: 'internal', text: 'Called back' }],
      ['2019-07-01T10:00:00.000Z', { incidentId: 'INC0000007', workId: 'w-2019-07-01 12:00', minutes: 15, activity: 'work' }],
    ]);
    expect(mapper.keyOf(['T-7', '', '', '', '', '', '', '', ''])).toEqual({ incidentId: 'INC0000007', number: 7 });
  });

  it('is told what is wrong with a value, or missing', () => {
    expect(map(['T-7', '2019-07-01 12:00', '', 'Eve', '', '', '', 'work', 'long']).faults).toEqual([
      { line: 2, reason: 'title is not known, and the event needs it' },
    ]);
    expect(map(['T-7', '2019-07-01 12:00', 'x', 'Eve', '', '', '', 'work', 'long']).faults).toEqual([
      { line: 2, reason: 'minutes is "long": it takes a whole number from 1 to 44640' },
    ]);
  });
});

describe('parseMapping', () => {
  const faultsOf = (yaml: string) => {
    try {
      parseMapping(yaml, 'mine.yaml');
      return {};
    } catch (error) {
      if (!(error instanceof InvalidMapping)) throw error;
      return Object.fromEntries(error.faults.map(({ field, message }) => [field, message]));
    }
  };

  it('lists every fault at once, by its path, with what would be right', () => {
    expect(
      faultsOf(`
name: mine
incidnet: $id
file: { time: dd.MM.yy, delimiter: tab }
state: { of: $state, before: Fresh, kinds: { open: [New], done: [Done, New] } }
events:
  - event: IncidentReported
    rows: once
    data: { title: $title, chanel: email, reporter: null, channel: fax }
  - event: IncidentResolvd
  - event: IncidentResolved
    when: { state: { to: finished } }
    data: { code: { of: $code, else: x } }
`),
    ).toEqual({
      incidnet: 'is not known here: did you mean incident?',
      incident: 'is missing: it takes a text',
      'file.time': expect.stringContaining('"dd.MM.yy" is no time format'),
      'file.delimiter': 'takes one character',
      'state.kinds.done': 'New is of kind open already',
      'state.before': 'is "Fresh": take one of the states that have a kind',
      'events[0].at': 'is missing: say when it happened, here or at the top of the file',
      'events[0].rows': 'is "once": it takes first, later, every',
      'events[0].data.chanel': 'is not known here: did you mean channel?',
      'events[0].data.reporter': 'cannot be null',
      'events[0].data.channel': expect.stringContaining('is "fax": it takes portal, email,'),
      'events[1].event': 'is "IncidentResolvd": did you mean IncidentResolved?',
      'events[2].at': 'is missing: say when it happened, here or at the top of the file',
      'events[2].when.state.to': 'there is no kind of state finished: it takes open, done',
      'events[2].data.code.else': 'is for values that a map does not have: add a map, or take none',
      events: expect.stringContaining('has to begin with IncidentReported'),
    });
  });

  it('says where the YAML breaks', () => {
    expect(faultsOf('name: [unfinished')).toEqual({ 'line 1': expect.any(String) });
  });

  it('knows the mappings that ship by name', async () => {
    await expect(findMapping('jira')).rejects.toThrow('No mapping jira ships: take servicenow, or the path of a file, as ./jira.yaml');
  });
});
