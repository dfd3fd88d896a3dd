export type LogLevel = 'debug' | 'info' | 'warning' | 'error' | 'fatal'

/** One line with its facts. Facts that are secrets never get here. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface Log {
  debug(message: string, facts?: LogFacts): void
  info(message: string, facts?: LogFacts): void
  warning(message: string, facts?: LogFacts): void
  error(message: string, facts?: LogFacts): void
}
