import type { Contract } from '../../../contract/all.ts'
import type { Handler } from '../handler.ts'
import { operationReason, refuse } from '../refusals.ts'

const reloadConfiguration: Handler<Contract['reload-configuration']> = ({ config = '' }, { configuration }, { by }) => {
  const reloaded = configuration.reload(config, by)
  return reloaded.ok ? reloaded : refuse(operationReason('configuration-unusable', { text: reloaded.failure }))
}

const reloadClusterAlias: Handler<Contract['reload-cluster-alias']> = () => refuse(operationReason('retired', {}))

export const configurationHandlers = { 'reload-configuration': reloadConfiguration, 'reload-cluster-alias': reloadClusterAlias }
