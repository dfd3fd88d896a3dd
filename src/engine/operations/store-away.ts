import type { Asked, Outcome } from './handler.ts'
import type { OperationParts } from './parts.ts'
import { operationReason, refuse } from './refusals.ts'

type Plain<Input, Output> = (input: Input, parts: OperationParts, asked: Asked) => Promise<Outcome<Output>> | Outcome<Output>

/** A handler that reads the store: while that is away, a sentence that says whose fault it is, with what the store said. */
export const readsStore =
  <Input, Output>(handler: Plain<Input, Output>): ((...of: Parameters<Plain<Input, Output>>) => Promise<Outcome<Output>>) =>
  async (input, parts, asked) => {
    try {
      return await handler(input, parts, asked)
    } catch (error) {
      const text = sayingOfStore(error)
      if (text === null) throw error
      return refuse(operationReason('store-unread', { text }))
    }
  }

/** What a database or the way to it says carries a code, or ended the connection; null: a mistake of our own, which stays a fault. */
export function sayingOfStore(error: unknown): string | null {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) return null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  const isOfStore = code === null ? 'fatal' in error && error.fatal === true : code === 'ERR_SQLITE_ERROR' || !code.startsWith('ERR_')
  // One that tried several addresses of a name says nothing itself.
  return isOfStore ? error.message || (code ?? String(error)) : null
}
