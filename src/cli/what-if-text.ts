import type { Foreseen } from '../contract/what-if.ts'
import { recoveryText } from './plan-text.ts'

/** One server after the other, each as a dry run of its recovery. */
export const whatIfLines = ({ servers }: Foreseen): readonly string[] =>
  servers.length === 0 ? ['Nobody replicates from any of these servers: there would be nothing to recover'] : servers.flatMap((view, index) => [...(index === 0 ? [] : ['', '']), recoveryText(view)])
