import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** The columns of the ServiceNow log that the shipped mapping reads; others may stand beside them. */
const COLUMNS = [
  'number', 'incident_state', 'made_sla', 'caller_id', 'opened_by', 'opened_at', 'sys_updated_by', 'sys_updated_at', 'contact_type', 'location', 'category',
  'subcategory', 'u_symptom', 'cmdb_ci', 'impact', 'urgency', 'priority', 'assignment_group', 'assigned_to', 'problem_id', 'rfc', 'caused_by',
  'closed_code', 'resolved_by', 'resolved_at', 'closed_at',
] as const; // prettier-ignore
type Column = (typeof COLUMNS)[number];
type Row = Readonly<Record<Column, string>>;

/** The same numbers every time (Lehmer, 1951; modulus 2^31 - 1): a log is the same file whenever it is made. */
const lehmer = (seed: number) => () => (seed = (seed * 48_271) % 2_147_483_647);

const pad = (value: number) => String(value).padStart(2, '0');
const clock = (minutes: number): string => {
  const at = new Date(Date.UTC(2026, 0, 1) + minutes * 60_000);
  return `${at.getUTCDate()}/${at.getUTCMonth() + 1}/${at.getUTCFullYear()} ${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
};

/** The life of one incident, six rows: reported, assigned, moved, on hold, resolved, closed; ten events, and an eleventh where its service level is breached. */
function* rowsOf(n: number): Generator<Row> {
  const next = lehmer(n + 1);
  next();
  const opened = n * 7;
  const team = next() % 12;
  const [impact, priority] = next() % 5 === 0 ? ['1 - High', '2 - High'] : ['2 - Medium', '3 - Moderate'];
  const first: Row = {
    number: `INC${String(n + 1).padStart(7, '0')}`,
    incident_state: 'New',
    made_sla: 'true',
    caller_id: `Caller ${next() % 400}`,
    opened_by: `Opened by ${next() % 60}`,
    opened_at: clock(opened),
    sys_updated_by: `Updated by ${next() % 60}`,
    sys_updated_at: clock(opened + 2),
    contact_type: 'Phone',
    location: `Location ${next() % 40}`,
    category: `Category ${next() % 30}`,
    subcategory: `Subcategory ${next() % 90}`,
    u_symptom: '?',
    cmdb_ci: '?',
    impact: impact as string,
    urgency: '2 - Medium',
    priority: priority as string,
    assignment_group: `Group ${team}`,
    assigned_to: '?',
    problem_id: '?',
    rfc: '?',
    caused_by: '?',
    closed_code: 'code 6',
    resolved_by: '?',
    resolved_at: clock(opened + 300),
    closed_at: clock(opened + 7_500),
  };
  yield first;
  const active: Row = { ...first, incident_state: 'Active', assigned_to: `Resolver ${next() % 80}`, sys_updated_at: clock(opened + 15) };
  yield active;
  const moved: Row = { ...active, assignment_group: `Group ${(team + 1) % 12}`, assigned_to: '?', sys_updated_at: clock(opened + 60) };
  yield moved;
  yield { ...moved, incident_state: 'Awaiting User Info', sys_updated_at: clock(opened + 90) };
  yield { ...moved, incident_state: 'Resolved', made_sla: n % 3 === 0 ? 'false' : 'true', sys_updated_at: clock(opened + 300) };
  yield { ...moved, incident_state: 'Closed', made_sla: n % 3 === 0 ? 'false' : 'true', sys_updated_at: clock(opened + 7_500) };
}

function* lines(incidents: number): Generator<string> {
  yield `${COLUMNS.join()}\n`;
  for (let n = 0; n < incidents; n++) for (const row of rowsOf(n)) yield `${COLUMNS.map((column) => row[column]).join()}\n`;
}

/** Writes an incident log in the shape of ServiceNow's, six rows an incident; always the same for the same number of incidents. */
export const writeServiceNowLog = (path: string, incidents: number): Promise<void> => pipeline(lines(incidents), createWriteStream(path));
