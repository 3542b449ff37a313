import { attachFile as rule, FILE_SIZE_BYTES, SHA256_PATTERN } from '#domain/incident';
import { NameField, NumberField, OccurredDto, PatternField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class AttachFileDto extends OccurredDto {
  @NameField()
  name!: string;

  @PatternField(/^[\w.+-]{1,100}\/[\w.+-]{1,100}$/, 'a media type such as image/png', { example: 'image/png' })
  mediaType!: string;

  @NumberField(FILE_SIZE_BYTES, { description: 'In bytes.' })
  sizeBytes!: number;

  @PatternField(SHA256_PATTERN, 'a SHA-256 in lower-case hex')
  sha256!: string;
}

export const attachFile = useCase({
  name: 'AttachFile',
  resource: 'files',
  summary: 'Attach a file that is stored elsewhere: what it is called, and what it must hash to',
  body: AttachFileDto,
  example: { name: 'traceroute.txt', mediaType: 'text/plain', sizeBytes: 2_048, sha256: 'a'.repeat(64) },
  decide:
    ({ name, mediaType, sizeBytes, sha256 }, { incidentId, newId }) =>
    (incident) =>
      rule({ incidentId, fileId: newId('file'), name, mediaType, sizeBytes, sha256 }, incident),
});
