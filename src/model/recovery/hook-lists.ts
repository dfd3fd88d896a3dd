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
  /** Under which its steps stand in the record, so that what runs before is told from what runs after. */
  readonly stage: 'hooks-detected' | 'hooks-before-takeover' | 'hooks-before' | 'hooks-after'
  /** `abort`: the rest of the list does not run, and what it stands before does not happen. `note`: the next command runs. */
  readonly onFailure: 'abort' | 'note'
  /** Placeholders, `&` at the end, and steps in the record. PostTakeMasterProcesses has none of them, but arguments (hooks.md section 5). */
  readonly hasPlaceholders: boolean
}

export const hookLists: Readonly<Record<HookListName, HookList>> = {
  'OnFailureDetectionProcesses': { stage: 'hooks-detected', onFailure: 'abort', hasPlaceholders: true },
  'PreGracefulTakeoverProcesses': { stage: 'hooks-before-takeover', onFailure: 'abort', hasPlaceholders: true },
  'PreFailoverProcesses': { stage: 'hooks-before', onFailure: 'abort', hasPlaceholders: true },
  'PostMasterFailoverProcesses': { stage: 'hooks-after', onFailure: 'note', hasPlaceholders: true },
  'PostIntermediateMasterFailoverProcesses': { stage: 'hooks-after', onFailure: 'note', hasPlaceholders: true },
  'PostFailoverProcesses': { stage: 'hooks-after', onFailure: 'note', hasPlaceholders: true },
  'PostUnsuccessfulFailoverProcesses': { stage: 'hooks-after', onFailure: 'note', hasPlaceholders: true },
  'PostGracefulTakeoverProcesses': { stage: 'hooks-after', onFailure: 'note', hasPlaceholders: true },
  'PostTakeMasterProcesses': { stage: 'hooks-after', onFailure: 'note', hasPlaceholders: false },
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
