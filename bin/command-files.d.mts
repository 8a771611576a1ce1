/** The commands of the sources below `root` by the ids oclif gives them: a topic's own command is its `index.ts`. */
export function commandFiles(root: string): { id: string; file: string }[];
