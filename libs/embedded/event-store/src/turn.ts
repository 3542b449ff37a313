/** Lets others have their turn: for work that goes through all of the log without a pause of its own. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
