/** Both directions of one enum: the word of the core and the number on the wire. */
export interface EnumTable<Word extends string, Value extends number> {
  readonly words: readonly Word[];
  toProto(word: Word): Value;
  /** Undefined for UNSPECIFIED and for numbers this version does not know. */
  fromProto(value: number): Word | undefined;
}

/** Makes the table from one exhaustive record, so that a word without a number does not compile. */
export function enumTable<Word extends string, Value extends number>(
  values: Readonly<Record<Word, Value>>,
): EnumTable<Word, Value> {
  const words = Object.keys(values) as Word[];
  const byValue = new Map<number, Word>(words.map((word) => [values[word], word]));
  return { words, toProto: (word) => values[word], fromProto: (value) => byValue.get(value) };
}
