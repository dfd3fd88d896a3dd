import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import { clusterAlias } from '../../../model/topology/cluster-hint.ts'
import type { Handler } from '../handler.ts'

/** An unknown cluster or server has no findings; that is not an error. */
const replicationAnalysis: Handler<Contract['replication-analysis']> = ({ name, instance }, parts) => {
  const topology = parts.topology()
  const isWanted = (clusterName: string): boolean => name === undefined || clusterName === name || clusterAlias(topology, clusterName) === name
  return ok(parts.findings().filter(finding => isWanted(finding.clusterName) && (instance === undefined || finding.key === instance)))
}

export const analysisHandlers = { 'replication-analysis': replicationAnalysis }
