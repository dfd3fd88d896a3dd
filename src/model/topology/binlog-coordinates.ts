/** A place in a server's binary log (or relay log): file name and byte position. Positions may pass 2^53. */
export interface BinlogCoordinates {
  readonly file: string
  readonly position: bigint
}

/** By file name *text*, then position (contract discovery.md section 14). */
export function compareCoordinates(left: BinlogCoordinates, right: BinlogCoordinates): number {
  if (left.file !== right.file) return left.file < right.file ? -1 : 1
  return left.position < right.position ? -1 : left.position > right.position ? 1 : 0
}

export const coordinatesText = (coordinates: BinlogCoordinates): string => `${coordinates.file}:${coordinates.position}`

/** What such a text names; null when it is none. */
export function parseCoordinates(text: string): BinlogCoordinates | null {
  const [, file, position] = /^(.+):(\d+)$/.exec(text) ?? []
  return file === undefined || position === undefined ? null : { file, position: BigInt(position) }
}
