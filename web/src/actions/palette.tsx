import { Modal } from '@mantine/core'
import { IconBinaryTree, IconBolt, IconDatabase, IconFile } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { queries } from '../api/queries.ts'
import { closeDialog, openDialog } from './dialogs.ts'
import { ListSearch, useChosenLine } from './list-search.tsx'
import { useMayAct } from './may-act.ts'
import { clusterEntry, find, serverEntry, type PaletteEntry } from './palette-entries.ts'
import { usePlaces } from './places.ts'
import { runNow } from './run.ts'

type Entry = PaletteEntry & { readonly go: () => void }

const icons = { page: IconFile, cluster: IconBinaryTree, server: IconDatabase, act: IconBolt } as const
const kindWords = { page: 'palette.pages', cluster: 'palette.clusters', server: 'palette.servers', act: 'palette.actions' } as const

/** Jumps to any page, cluster or server, and begins what is done most, by a part of its name. */
export function Palette() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const whyNot = useMayAct()
  const places = usePlaces()
  const { data: fleet } = useQuery(queries.fleet)
  const { data: known } = useQuery(queries.servers)
  const [query, setQuery] = useState('')

  const entries = useMemo((): readonly Entry[] => {
    const leave = (act: () => void) => () => {
      closeDialog()
      act()
    }
    const aliases = new Map(fleet?.clusters.map(({ name, alias }) => [name, alias]))
    const acts = (server: ServerView): readonly Entry[] => {
      const name = server.alias === '' ? server.key : server.alias
      const act = (verb: string, words: string, go: () => void): Entry => ({ kind: 'act', id: `${verb} ${server.key}`, name: words, words: `${verb} ${server.key} ${server.alias}`, go })
      const colon = server.key.lastIndexOf(':')
      const [host, port] = [server.key.slice(0, colon), server.key.slice(colon + 1)]
      const past = act('activity audit', t('palette.activity', { server: name }), leave(() => void navigate({ to: '/audit/instance/$host/$port', params: { host, port } })))
      if (whyNot !== null) return [past]
      return [
        ...(server.replication === null ? [] : [act('move', t('palette.move', { server: name }), () => openDialog({ kind: 'move', what: 'server', server }))]),
        act('downtime', t('palette.downtime', { server: name }), () => openDialog({ kind: 'downtime', server })),
        act('refresh', t('palette.refresh', { server: name }), leave(() => void runNow(cache, 'refresh', { instance: server.key }, t('palette.refreshed', { server: name })))),
        past,
      ]
    }
    return [
      ...places.map(({ to, name }): Entry => ({ kind: 'page', id: to, name, words: to, go: leave(() => void navigate({ to })) })),
      ...(fleet?.clusters ?? []).map((row): Entry => ({ ...clusterEntry(row), go: leave(() => void navigate({ to: '/cluster/$name', params: { name: row.name } })) })),
      ...(known?.servers ?? []).flatMap((server): readonly Entry[] => {
        const alias = aliases.get(server.clusterName) ?? ''
        const there = { search: { node: server.key } }
        const go = leave(() => void (alias === '' ? navigate({ to: '/cluster/$name', params: { name: server.clusterName }, ...there }) : navigate({ to: '/cluster/alias/$alias', params: { alias }, ...there })))
        const entry = serverEntry(server)
        return [{ ...entry, words: `${entry.words} ${alias}`, go }, ...acts(server)]
      }),
    ]
  }, [cache, fleet, known, navigate, places, t, whyNot])

  const found = useMemo(() => find(entries, query), [entries, query])
  const searchAll = (): void => {
    closeDialog()
    void navigate({ to: '/search', search: { q: query.trim() } })
  }
  const { chosen, choose, restart, onKeyDown } = useChosenLine(found.length, index => (found[index]?.go ?? searchAll)())
  return (
    <Modal opened onClose={closeDialog} size={620} title={t('palette.title')} closeButtonProps={{ 'aria-label': t('state.close') }}>
      <div className="palette">
        <ListSearch
          label={t('palette.title')}
          placeholder={t('palette.placeholder')}
          query={query}
          change={text => {
            setQuery(text)
            restart()
          }}
          onKeyDown={onKeyDown}
          list="palette-results"
          active={found.length === 0 ? undefined : `palette-${chosen}`}
        />
        {found.length === 0 ? (
          <p className="dim" role="status">
            {t('palette.none', { query })}
          </p>
        ) : null}
        <div className="palette-results" role="listbox" id="palette-results" aria-label={t('palette.results')}>
          {found.map((entry, index) => {
            const Icon = icons[entry.kind]
            return (
              // The list is worked from its text field, as a combobox: rows are not stops of their own.
              <div
                key={entry.id}
                id={`palette-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === chosen}
                className={index === chosen ? 'palette-entry chosen' : 'palette-entry'}
                ref={element => {
                  if (index === chosen) element?.scrollIntoView({ block: 'nearest' })
                }}
                onMouseMove={() => choose(index)}
                onClick={entry.go}
              >
                <Icon size={16} aria-hidden />
                <span className="palette-name">{entry.name}</span>
                <span className="dim">{entry.kind === 'server' && entry.id !== entry.name ? entry.id : t(kindWords[entry.kind])}</span>
              </div>
            )
          })}
        </div>
        {query.trim() === '' ? null : (
          <button type="button" className="link-button" onClick={searchAll}>
            {t('palette.searchServers', { query: query.trim() })}
          </button>
        )}
      </div>
    </Modal>
  )
}
