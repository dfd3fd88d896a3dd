/** What the writer puts into an entry: its length varies, so that records cross sectors in every way. */
export const textOf = (index: number, term: number): string => `entry ${index} of term ${term} `.repeat(1 + (index % 23))
