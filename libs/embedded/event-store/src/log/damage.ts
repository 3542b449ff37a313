/** What is on disk is not what was written: the node does not start with it, or does not hand it over. */
export class DataDamaged extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DataDamaged';
  }
}
