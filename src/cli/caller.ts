import type { OperationName } from '../contract/all.ts'
import type { DryRunView } from '../contract/views.ts'
import type { Reason } from '../kit/reason.ts'
import type { Result } from '../kit/result.ts'
import type { Described } from './described.ts'

/** Inputs of an operation as texts. */
export type TextInput = Readonly<Record<string, string>>

/** Runs operations: in this process on the store and the servers, or in a service. */
export interface Caller extends Described {
  run(name: OperationName, input: TextInput, fingerprint: string): Promise<Result<unknown, Reason>>
  dryRun(name: OperationName, input: TextInput): Promise<Result<DryRunView, Reason>>
  close(): Promise<void>
}
