import { addNote as rule, NOTE_VISIBILITIES, type NoteVisibility } from '#domain/incident';
import { NamesField, OccurredDto, OneOfField, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class AddNoteDto extends OccurredDto {
  @OneOfField(NOTE_VISIBILITIES)
  visibility!: NoteVisibility;

  @TextField()
  text!: string;

  @NamesField({ optional: true, description: 'People to be told of it.' })
  mentions?: string[];
}

export const addNote = useCase({
  name: 'AddNote',
  resource: 'notes',
  summary: 'Add a note',
  body: AddNoteDto,
  example: { visibility: 'internal', text: 'The switch in the basement is warm.', mentions: ['tom.maes'] },
  decide:
    ({ occurredAt: _, ...said }, { incidentId, newId }) =>
    (incident) =>
      rule({ incidentId, noteId: newId('note'), ...said }, incident),
});
