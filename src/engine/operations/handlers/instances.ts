import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import { searchInstances } from '../../../model/topology/cluster-hint.ts'
import { isProblem } from '../../../model/topology/describe.ts'
import { isDowntimed } from '../../../model/topology/freshness.ts'
import type { Instance } from '../../../model/topology/instance.ts'
import { compareKeys, hostOf } from '../../../model/topology/instance-key.ts'
import type { Handler } from '../handler.ts'
import { operationReason, refuse } from '../refusals.ts'

const byKey = (left: Instance, right: Instance): number => compareKeys(left.key, right.key)

const instance: Handler<Contract['instance']> = ({ instance: key }, parts) => {
  const found = parts.topology().get(key)
  return found === undefined ? refuse(operationReason('instance-unknown', { instance: key })) : ok(found)
}

const instanceReplicas: Handler<Contract['instance-replicas']> = ({ instance: key }, parts) => ok(parts.topology().replicasOf(key))

const allInstances: Handler<Contract['all-instances']> = (_input, parts) => ok(searchInstances(parts.topology(), ''))

const bulkInstances: Handler<Contract['bulk-instances']> = (_input, parts) => ok([...parts.topology().instances.keys()].sort(compareKeys))

const search: Handler<Contract['search']> = ({ text = '' }, parts) => ok(searchInstances(parts.topology(), text))

const find: Handler<Contract['find']> = ({ pattern }, parts) => {
  const expression = regularExpression(pattern)
  if (typeof expression === 'string') return refuse(operationReason('pattern-invalid', { pattern, text: expression }))
  return ok([...parts.topology().instances.values()].filter(({ key }) => expression.test(key)).sort(byKey))
}

/** The expression, or what is wrong with it. */
function regularExpression(pattern: string): RegExp | string {
  try {
    return new RegExp(pattern)
  } catch (error) {
    if (error instanceof SyntaxError) return error.message
    throw error
  }
}

const problems: Handler<Contract['problems']> = ({ name }, parts) => {
  const [policy, now] = [parts.policy(), parts.clock.now()]
  const isWanted = name === undefined ? () => true : likePattern(name)
  return ok(
    [...parts.topology().instances.values()]
      .filter(server => isWanted(server.clusterName) && isProblem(server, policy, now) && !isDowntimed(server, now))
      .filter(({ key }) => !policy.problemIgnoredHosts.some(pattern => pattern.test(hostOf(key))))
      .sort(byKey),
  )
}

/** SQL's LIKE, in any case: `%` any text, `_` any one character. */
function likePattern(pattern: string): (text: string) => boolean {
  const expression = new RegExp(`^${pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*').replaceAll('_', '.')}$`, 'is')
  return text => expression.test(text)
}

export const instanceHandlers = {
  'instance': instance, 'instance-replicas': instanceReplicas, 'all-instances': allInstances, 'bulk-instances': bulkInstances, 'search': search, 'find': find,
  'problems': problems,
}
