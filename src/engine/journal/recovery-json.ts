import type { Recovery } from '../../model/recovery/records.ts'

/** A recovery as plain JSON: the position is in digits. */
export type PlainRecovery = Omit<Recovery, 'successorCoordinates' | 'id'> & {
  readonly id: number | null
  readonly successorCoordinates: { readonly file: string; readonly position: string } | null
}

export const plainRecovery = (recovery: Omit<Recovery, 'id'> & { readonly id?: number }): PlainRecovery => {
  const { successorCoordinates: at } = recovery
  return { ...recovery, id: recovery.id ?? null, successorCoordinates: at === null ? null : { file: at.file, position: String(at.position) } }
}

/** With the number that it has, or is to have. */
export const recoveryFromPlain = (plain: PlainRecovery, id: number): Recovery => {
  const { successorCoordinates: at } = plain
  return { ...plain, id, successorCoordinates: at === null ? null : { file: at.file, position: BigInt(at.position) } }
}
