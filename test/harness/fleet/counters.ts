/** What the fleet counts of all servers together. */
export class Counters {
  connections = 0
  /** Numbers given to sessions; never begins anew. */
  threads = 0
  logins = 0
  /** Commands of any kind: one each is one round trip. */
  commands = 0
  /** Readings that are no whole polls. */
  readings = 0
  bytesReceived = 0
  bytesSent = 0
  /** Statements that the tape does not know: first texts, and how many. */
  unknown = 0
  readonly unknownTexts = new Set<string>()
  /** A command came before the one before it was answered. */
  overlaps = 0
  /** What clients sent that is no MySQL. */
  broken = 0

  noteUnknown(text: string): void {
    this.unknown++
    if (this.unknownTexts.size < unknownTextsMax) this.unknownTexts.add(text)
  }
}

const unknownTextsMax = 20
