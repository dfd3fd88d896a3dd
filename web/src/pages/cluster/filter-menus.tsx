import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../../src/contract/views.ts'
import { valuesIn, withValue, type FilterName } from '../../drawing/filter-words.ts'
import { statusOrder } from '../../drawing/trouble.ts'
import { StatusIcon } from '../../instance/status-mark.tsx'

type Offered = Extract<FilterName, 'status' | 'dc' | 'tag' | 'pool'>
const offered: readonly Offered[] = ['status', 'dc', 'tag', 'pool']
const collator = new Intl.Collator('en', { numeric: true })

const valuesOf: Readonly<Record<Offered, (server: ServerView) => readonly string[]>> = {
  status: server => [server.statuses[0]?.code ?? 'not-checked'],
  dc: server => (server.dataCenter === '' ? [] : [server.dataCenter]),
  tag: server => server.tags ?? [],
  pool: server => server.pools ?? [],
}

/** Status ▾ Site ▾ Tag ▾ Pool ▾: what is present in the cluster, with how many, written into the filter by a click. */
export function FilterMenus({ members, query, setQuery }: { readonly members: readonly ServerView[]; readonly query: string; readonly setQuery: (query: string) => void }) {
  const { t } = useTranslation()
  return (
    <>
      {offered.map(name => {
        const counts = Map.groupBy(members.flatMap(valuesOf[name]), value => value)
        // Of one site for all there is nothing to choose.
        if (counts.size < (name === 'dc' ? 2 : 1)) return null
        const values = [...counts.keys()].toSorted(name === 'status' ? byStatus : collator.compare)
        const asked = valuesIn(query, name).map(value => value.toLowerCase())
        return (
          <Menu key={name} position="bottom-start" width={260} withinPortal shadow="md" withInitialFocusPlaceholder={false} closeOnItemClick={false}>
            <Menu.Target>
              <Button size="xs" variant="default" className={asked.length > 0 ? 'bar-menu is-on' : 'bar-menu'} rightSection={<IconChevronDown size={13} />}>
                {asked.length > 0 ? t('cluster.filterOn', { name: t(`cluster.filterBy.${name}`), count: asked.length }) : t(`cluster.filterBy.${name}`)}
              </Button>
            </Menu.Target>
            <Menu.Dropdown className="filter-menu" aria-label={t(`cluster.filterBy.${name}`)}>
              {values.map(value => {
                const isAsked = asked.includes(value.toLowerCase())
                return (
                  <Menu.CheckboxItem
                    key={value}
                    checked={isAsked}
                    rightSection={<span className="dim">{counts.get(value)?.length ?? 0}</span>}
                    onChange={() => setQuery(withValue(query, name, value))}
                  >
                    {name === 'status' ? <StatusValue code={value} members={members} /> : value}
                  </Menu.CheckboxItem>
                )
              })}
            </Menu.Dropdown>
          </Menu>
        )
      })}
    </>
  )
}

// The edge: values of this menu come from statuses.
const byStatus = (left: string, right: string): number => statusOrder.indexOf(left as (typeof statusOrder)[number]) - statusOrder.indexOf(right as (typeof statusOrder)[number])

function StatusValue({ code, members }: { readonly code: string; readonly members: readonly ServerView[] }) {
  const { t } = useTranslation()
  const status = members.flatMap(({ statuses }) => statuses).find(each => each.code === code)
  if (status === undefined) return code
  return (
    <span className="status-mark">
      <StatusIcon code={status.code} severity={status.severity} />
      {t(`status.${status.code}`)}
    </span>
  )
}
