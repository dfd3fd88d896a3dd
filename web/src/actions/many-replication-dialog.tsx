import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { client } from '../api/client.ts'
import { whyNotReplication, type ReplicationChange } from './acts/replication.ts'
import { ManyPlans } from './many-plans.tsx'
import { failureText } from './run.ts'

const operations = { start: 'start-replica', stop: 'stop-replica' } as const

/** Starts or stops replication on several servers: who it concerns and who not, every plan, then one after another. */
export function ManyReplicationDialog({ servers, change }: { readonly servers: readonly ServerView[]; readonly change: ReplicationChange }) {
  const { t } = useTranslation()
  const operation = operations[change]
  return (
    <ManyPlans
      items={servers.map(server => {
        const whyNot = whyNotReplication[change](server)
        return { server: server.key, whyNot: whyNot === null ? null : t(`why.${whyNot}`) }
      })}
      ways={{
        plan: instance => client.dryRun(operation, { instance }),
        run: (instance, fingerprint) => client.runToEnd(operation, { instance }, fingerprint),
        failureText,
      }}
      words={{
        title: t(`manyMore.${change}Run`, { count: servers.length }),
        planning: t('plan.loading'),
        text: t('manyMore.replicationText'),
        nobody: t('many.notDone', { count: servers.length }),
        run: count => t(`manyMore.${change}Run`, { count }),
        allDone: count => t('manyMore.replicationDone', { done: count, all: servers.length }),
        someDone: count => t('manyMore.replicationDone', { done: count, all: servers.length }),
        state: { moving: t('plan.doing'), moved: t('plan.finished'), cannot: t('manyMore.leftAsItIs') },
      }}
    />
  )
}
