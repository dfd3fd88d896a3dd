/** One message of an event stream. */
export interface StreamMessage {
  readonly id: string | null
  readonly event: string
  readonly data: string
}

/**
 * Reads server-sent events from pieces of text in any division (HTML standard, "Server-sent events", section on interpreting a stream).
 * `feed` answers the messages that became whole; the rest waits for the next piece.
 */
export function makeEventParser(): { feed(piece: string): StreamMessage[] } {
  let rest = ''
  let id: string | null = null
  let event = ''
  let data: string[] = []

  const field = (line: string): void => {
    if (line.startsWith(':')) return
    const colon = line.indexOf(':')
    const name = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'id') id = value
    else if (name === 'event') event = value
    else if (name === 'data') data.push(value)
  }

  return {
    feed(piece) {
      rest += piece
      const messages: StreamMessage[] = []
      for (;;) {
        // Ends when no whole line is left.
        const end = /\r\n|\n|\r(?!$)/.exec(rest)
        if (end === null) return messages
        const line = rest.slice(0, end.index)
        rest = rest.slice(end.index + end[0].length)
        if (line !== '') {
          field(line)
          continue
        }
        if (data.length > 0) messages.push({ id, event: event === '' ? 'message' : event, data: data.join('\n') })
        event = ''
        data = []
      }
    },
  }
}
