import { fail, ok, type Result } from '../../kit/result.ts'
import { coordinatesText } from '../../model/topology/binlog-coordinates.ts'
import type { ServerFailure } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Servers, StepEffect } from '../../ports/servers.ts'
import type { PseudoGtid } from './pseudo-gtid.ts'

/**
 * The servers, which can also find where the log of one goes on for another: the step that concerns two of them. And of those that are read it is
 * known whether their cluster has unique statements, where this program writes them itself.
 */
export function withPseudoGtid(servers: Servers, pseudoGtid: PseudoGtid, clusterNameOf: (key: InstanceKey) => string): Servers {
  return {
    async probe(key, options) {
      const read = await servers.probe(key, options)
      return read.ok && pseudoGtid.injects ? ok({ ...read.value, usingPseudoGtid: pseudoGtid.injected.has(clusterNameOf(read.value.key)) }) : read
    },
    statements: (step, on) => servers.statements(step, on),
    async perform(step, on, options): Promise<Result<StepEffect, ServerFailure>> {
      if (step.do !== 'match-position') {
        const done = await servers.perform(step, on, options)
        if (step.do === 'change-source' || step.do === 'forget-source') pseudoGtid.sourceChanged(step.on)
        return done
      }
      const matched = await pseudoGtid.matcher.match(step.on, step.with, Math.min(step.timeoutMilliseconds, options.deadlineMilliseconds), { relayLogsOnly: step.relayLogsOnly === true })
      if (!matched.ok) return fail({ kind: 'statement-rejected', number: null, text: matched.failure.text })
      return ok({ statements: matched.value.asked, coordinates: coordinatesText(matched.value.at) })
    },
    onConnectionLost: listener => servers.onConnectionLost(listener),
    release: key => servers.release(key),
    close: () => servers.close(),
  }
}
