import { hookCommand, hookMessages } from '../../model/recovery/hook-command.ts'
import { hookDocument } from '../../model/recovery/hook-document.ts'
import { type HookListName, hookLists } from '../../model/recovery/hook-lists.ts'
import type { HookOccasion } from '../../model/recovery/hook-values.ts'
import type { Log } from '../../ports/log.ts'
import type { CommandResult, Processes } from '../../ports/processes.ts'
import type { RecoverySettings } from './settings.ts'
import type { RecoveryStory } from './story.ts'

/** Output of a failed hook that is kept in the record. */
const outputKeptMax = 2000

/** Runs the lists of hooks one command after the other and writes what happened into the record (contract hooks.md section 2). */
export class Hooks {
  readonly #processes: Processes
  readonly #log: Log
  readonly #settings: RecoverySettings

  constructor(processes: Processes, log: Log, settings: RecoverySettings) {
    this.#processes = processes
    this.#log = log
    this.#settings = settings
  }

  commandsOf(list: HookListName): readonly string[] {
    const { onFailureDetection, preGracefulTakeover, preFailover, postPrimaryFailover, postIntermediateFailover, postFailover } = this.#settings
    const { postUnsuccessfulFailover, postGracefulTakeover, postTakeSource } = this.#settings
    const lists: Readonly<Record<HookListName, readonly string[]>> = {
      'OnFailureDetectionProcesses': onFailureDetection, 'PreGracefulTakeoverProcesses': preGracefulTakeover, 'PreFailoverProcesses': preFailover,
      'PostMasterFailoverProcesses': postPrimaryFailover, 'PostIntermediateMasterFailoverProcesses': postIntermediateFailover,
      'PostFailoverProcesses': postFailover, 'PostUnsuccessfulFailoverProcesses': postUnsuccessfulFailover,
      'PostGracefulTakeoverProcesses': postGracefulTakeover, 'PostTakeMasterProcesses': postTakeSource,
    }
    return lists[list]
  }

  /** Commands as they would be sent, for showing. */
  preview(list: HookListName, occasion: HookOccasion): readonly string[] {
    return this.commandsOf(list).map(command => hookCommand(command, occasion).description)
  }

  /** Null when all went well, or when the list goes on over failures; else the failure that ended the list. */
  async run(list: HookListName, occasion: HookOccasion, story: RecoveryStory): Promise<string | null> {
    const commands = this.commandsOf(list)
    const { stage } = hookLists[list]
    if (commands.length === 0) {
      story.note(stage, hookMessages.none(list))
      return null
    }
    story.note(stage, hookMessages.begin(list, commands.length))
    for (const [index, configured] of commands.entries()) {
      const command = hookCommand(configured, occasion)
      const number = index + 1
      story.note(stage, hookMessages.running(list, number, commands.length, command.description), null, 'started')
      const running = this.#processes.run({
        shell: this.#settings.shell, text: command.text, args: [], environment: command.environment, stdin: hookDocument(list, occasion),
        timeoutMilliseconds: command.isAsync ? 0 : this.#settings.hookTimeoutSeconds * 1000,
      })
      if (command.isAsync) {
        void running.then(result => this.#told(list, number, commands.length, result, story))
        continue
      }
      const failure = this.#told(list, number, commands.length, await running, story)
      if (failure !== null && hookLists[list].onFailure === 'abort') {
        story.note(stage, hookMessages.stopped(list))
        return failure
      }
    }
    story.note(stage, hookMessages.done(list))
    return null
  }

  #told(list: HookListName, number: number, count: number, result: CommandResult, story: RecoveryStory): string | null {
    const { stage } = hookLists[list]
    this.#log.info('a hook has ended', { list, number, exitCode: result.exitCode, signal: result.signal, output: result.output.slice(0, outputKeptMax) })
    if (result.exitCode === 0) {
      story.note(stage, hookMessages.completed(list, number, count, result.durationMilliseconds), null, 'done', result.durationMilliseconds)
      return null
    }
    const exit = exitText(result)
    const failure = hookMessages.failed(list, number, count, result.durationMilliseconds, exit, result.output.slice(0, outputKeptMax))
    story.note(stage, failure, null, 'failed', result.durationMilliseconds)
    return failure
  }
}

function exitText({ exitCode, signal, timedOut, startFailure }: CommandResult): string {
  if (startFailure !== null) return startFailure
  if (timedOut) return 'ended because its time was over'
  return signal === null ? `exit status ${exitCode}` : `signal: ${signal}`
}
