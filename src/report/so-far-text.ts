import { type ReadProgress, soFarText } from '../model/read-progress.ts';

/** Objects between two lines about one list, for whoever reads lines. */
const between = 5000;

/** How far lists have come, as a line now and then: each time a list has grown by some thousands. Give it all that is told, in order. */
export function soFarLines(print: (text: string) => void): (progress: ReadProgress) => void {
  const told = new Map<string, number>();
  return (progress) => {
    if (progress.objects < (told.get(progress.kind) ?? 0) + between) return;
    told.set(progress.kind, progress.objects);
    print(`Reading: ${soFarText(progress)}\n`);
  };
}
