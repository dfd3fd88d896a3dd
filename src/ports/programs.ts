/** Programs of this machine, by the first word of a command. */
export interface Programs {
  /** `unknown`: the shell alone can tell (one of its own words, something it first has to work out). */
  look(word: string): 'runs' | 'not-found' | 'not-executable' | 'unknown'
}
