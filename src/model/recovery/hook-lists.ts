import type { Remedy } from '../analysis/finding.ts'
import { remedies } from './remedies.ts'

/** Lists of commands in the configuration; public names. */
export type HookListName =
  | 'OnFailureDetectionProcesses'
  | 'PreGracefulTakeoverProcesses'
  | 'PreFailoverProcesses'
  | 'PostMasterFailoverProcesses'
  | 'PostIntermediateMasterFailoverProcesses'
  | 'PostFailoverProcesses'
  | 'PostUnsuccessfulFailoverProcesses'
  | 'PostGracefulTakeoverProcesses'
  | 'PostTakeMasterProcesses'

export interface HookList {
  /** `abort`: the rest of the list does not run, and what it stands before does not happen. `note`: the next command runs. */
  readonly onFailure: 'abort' | 'note'
  /** Placeholders, `&` at the end, and steps in the record. PostTakeMasterProcesses has none of them, but arguments (hooks.md section 5). */
  readonly hasPlaceholders: boolean
}

export const hookLists: Readonly<Record<HookListName, HookList>> = {
  'OnFailureDetectionProcesses': { onFailure: 'abort', hasPlaceholders: true },
  'PreGracefulTakeoverProcesses': { onFailure: 'abort', hasPlaceholders: true },
  'PreFailoverProcesses': { onFailure: 'abort', hasPlaceholders: true },
  'PostMasterFailoverProcesses': { onFailure: 'note', hasPlaceholders: true },
  'PostIntermediateMasterFailoverProcesses': { onFailure: 'note', hasPlaceholders: true },
  'PostFailoverProcesses': { onFailure: 'note', hasPlaceholders: true },
  'PostUnsuccessfulFailoverProcesses': { onFailure: 'note', hasPlaceholders: true },
  'PostGracefulTakeoverProcesses': { onFailure: 'note', hasPlaceholders: true },
  'PostTakeMasterProcesses': { onFailure: 'note', hasPlaceholders: false },
}

/** `took-source`: a replica took the place of its source, by command or as the second step of a promotion. */
export type HookMoment = 'detected' | 'before-takeover' | 'before' | 'succeeded' | 'failed' | 'after-takeover' | 'took-source'

/** Which lists run at a moment of a recovery, in order (contract hooks.md section 1). */
export function listsAt(moment: HookMoment, remedy: Remedy): readonly HookListName[] {
  if (moment === 'before') return remedies[remedy].whenHookBeforeFails === null ? [] : ['PreFailoverProcesses']
  if (moment === 'succeeded') return [...successLists[remedy], 'PostFailoverProcesses']
  return fixedLists[moment]
}

const fixedLists: Readonly<Record<Exclude<HookMoment, 'before' | 'succeeded'>, readonly HookListName[]>> = {
  'detected': ['OnFailureDetectionProcesses'],
  'before-takeover': ['PreGracefulTakeoverProcesses'],
  'failed': ['PostUnsuccessfulFailoverProcesses'],
  'after-takeover': ['PostGracefulTakeoverProcesses'],
  'took-source': ['PostTakeMasterProcesses'],
}

const successLists: Readonly<Record<Remedy, readonly HookListName[]>> = {
  'promote-replica': ['PostMasterFailoverProcesses'],
  'promote-co-primary': ['PostMasterFailoverProcesses'],
  'replace-intermediate': ['PostIntermediateMasterFailoverProcesses'],
  'relocate-group-replicas': ['PostIntermediateMasterFailoverProcesses'],
  'repair-semi-sync': [],
  'make-writable': [],
}
