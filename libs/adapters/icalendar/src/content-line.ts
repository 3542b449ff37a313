/** Octets of a line without its end (RFC 5545, section 3.1). */
const LINE_OCTETS = 75;

/** A line in as many as it takes: each goes on after a line break and a space, and no character is torn apart. */
const folded = (line: string): string => {
  let text = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > LINE_OCTETS) {
      text += '\r\n ';
      octets = 1;
    }
    text += character;
    octets += size;
  }
  return `${text}\r\n`;
};

/** A value of type TEXT: what has a meaning in it is escaped (section 3.3.11), line breaks are `\n`, and control characters are left out. */
export const textValue = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n');

/** An instant in UTC, in milliseconds since 1970-01-01T00:00:00Z, to the second: `20260105T090000Z`. */
export const utcValue = (instantMs: number): string => `${new Date(instantMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** A property as a content line, folded and with its end; the name carries its parameters: `REFRESH-INTERVAL;VALUE=DURATION`. */
export const contentLine = (name: string, value: string): string => folded(`${name}:${value}`);
