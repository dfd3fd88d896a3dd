/** External commands (hooks). */
export interface CommandResult {
  /** Null when it was ended by a signal or could not be started. */
  readonly exitCode: number | null
  readonly signal: string | null
  readonly timedOut: boolean
  /** stdout and stderr together, cut at a bound, as text. */
  readonly output: string
  /** Set when the command could not be started at all. */
  readonly startFailure: string | null
  readonly durationMilliseconds: number
}

export interface Processes {
  /** Runs the text through the shell command (`bash FILE args…`). Ends it, with its children, when the time is over. */
  run(command: {
    readonly shell: string
    readonly text: string
    readonly args: readonly string[]
    readonly environment: Readonly<Record<string, string>>
    readonly stdin: string
    readonly timeoutMilliseconds: number
  }): Promise<CommandResult>
}
