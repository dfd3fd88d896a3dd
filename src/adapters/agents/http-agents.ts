import { readFileSync } from 'node:fs'
import { fail, ok, type Result } from '../../kit/result.ts'
import type { AgentCommand, AgentReport } from '../../model/agents/agent.ts'
import type { CopyLook } from '../../model/agents/copy-progress.ts'
import type { AgentAddress, Agents } from '../../ports/agents.ts'
import type { Log } from '../../ports/log.ts'
import { count, mountPoint, refusalIn, texts, truth, volumes } from './answers.ts'
import { pathOf } from './paths.ts'
import { agentRequest, type AgentRequest, type AgentRequestFailure } from './request.ts'
import type { AgentClientSettings } from './settings.ts'

/** Where agents of ours look for the token, so that it need not stand in addresses, which proxies and logs keep. */
export const tokenHeader = 'x-orchestrator-agent-token'

/** Agents over HTTP. */
export class HttpAgents implements Agents {
  readonly #settings: AgentClientSettings
  readonly #log: Log
  readonly #tls: AgentRequest['tls']

  /** Reads the files that the settings name: an unreadable one is thrown at start. */
  constructor(settings: AgentClientSettings, log: Log) {
    this.#settings = settings
    this.#log = log
    const { usesTls, skipsVerification, caFile, certificateFile, keyFile } = settings
    this.#tls = !usesTls ? null : {
      ...(skipsVerification ? { rejectUnauthorized: false } : {}), ...(caFile === '' ? {} : { ca: readFileSync(caFile) }),
      ...(certificateFile === '' || keyFile === '' ? {} : { cert: readFileSync(certificateFile), key: readFileSync(keyFile) }),
    }
  }

  async look(agent: AgentAddress): Promise<Result<AgentReport, string>> {
    let lost: string | null = null
    let answers = 0
    const ask = async <Value>(path: string, read: (value: unknown) => Value | null): Promise<Value | null> => {
      if (lost !== null) return null
      const answer = await this.#json(agent, path)
      if (!answer.ok) {
        this.#log.warning('an agent did not answer', { host: agent.host, question: path, text: answer.failure.text })
        if (answer.failure.isUnreachable) lost = answer.failure.text
        return null
      }
      answers += 1
      const value = read(answer.value)
      if (value === null) this.#log.warning('an answer of an agent cannot be read', { host: agent.host, question: path })
      return value
    }
    // One after the other, as agents know it: each runs programs of its host.
    const report: AgentReport = {
      localSnapshotHosts: await ask('available-snapshots-local', texts), snapshotHosts: await ask('available-snapshots', texts), volumes: await ask('lvs-snapshots', volumes),
      mountPoint: await ask('mount', mountPoint), isMysqlRunning: await ask('mysql-status', truth), mysqlPort: await ask('mysql-port', count),
      mysqlDiskUsageBytes: await ask('mysql-du', count), dataFolderFreeBytes: await ask('mysql-datadir-available-space', count), errorLogTail: await ask('mysql-error-log-tail', texts),
    }
    return answers === 0 ? fail(lost ?? `${agent.host}:${agent.port}: the agent answered no question`) : ok(report)
  }

  async command(agent: AgentAddress, command: AgentCommand): Promise<Result<string, string>> {
    const answer = await this.#ask(agent, pathOf(command))
    if (!answer.ok) return fail(answer.failure.text)
    const refused = refusalIn(parsed(answer.value.body))
    if (refused !== null) return fail(`${agent.host}: ${refused}`)
    return answer.value.status >= 300 ? fail(`${agent.host} answered ${answer.value.status}: ${answer.value.body.trim().slice(0, 200)}`) : ok(answer.value.body)
  }

  async lookAtCopy(agent: AgentAddress, seed: number): Promise<Result<CopyLook, string>> {
    const copied = await this.#json(agent, 'mysql-du')
    if (!copied.ok && copied.failure.isUnreachable) return fail(copied.failure.text)
    const completed = await this.#json(agent, `seed-command-completed/${seed}`)
    const isCompleted = completed.ok ? truth(completed.value) : null
    const succeeded = isCompleted === true ? await this.#json(agent, `seed-command-succeeded/${seed}`) : null
    return ok({ copiedBytes: copied.ok ? count(copied.value) : null, isCompleted, isSucceeded: succeeded?.ok === true ? truth(succeeded.value) : null })
  }

  says(command: AgentCommand): string {
    return pathOf(command)
  }

  async #json(agent: AgentAddress, path: string): Promise<Result<unknown, AgentRequestFailure>> {
    const answer = await this.#ask(agent, path)
    if (!answer.ok) return answer
    const { status, body } = answer.value
    const value = parsed(body)
    const refused = refusalIn(value) ?? (status >= 300 ? `status ${status}` : value === undefined ? 'the answer is no JSON' : null)
    return refused === null ? ok(value) : fail({ text: `${agent.host}: ${refused}`, isUnreachable: false })
  }

  #ask({ host, port, token }: AgentAddress, path: string): ReturnType<typeof agentRequest> {
    const { tokenInQuery, requestSeconds } = this.#settings
    const query = tokenInQuery ? `${path.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}` : ''
    return agentRequest({
      host, port, path: `/api/${path}${query}`, headers: { [tokenHeader]: token, connection: 'close' }, tls: this.#tls, deadlineMilliseconds: requestSeconds * 1000,
    })
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
