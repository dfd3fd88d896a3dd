import { Button, Modal, Select, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { useNameOf } from '../instance/names.ts'
import type { OperationInput } from '../api/client.ts'
import { closeDialog } from './dialogs.ts'
import { FormDialog } from './form-dialog.tsx'
import { runMany } from './many.ts'

interface Servers {
  readonly servers: readonly ServerView[]
}

/** Does the same to all of them and closes; what was refused is told. */
function useRunMany(servers: readonly ServerView[]) {
  const cache = useQueryClient()
  const nameOf = useNameOf()
  const [busy, setBusy] = useState(false)
  const run = async (operation: string, input: OperationInput, done: (count: number) => string): Promise<void> => {
    setBusy(true)
    await runMany(cache, operation, servers.map(server => ({ name: nameOf(server.key), input: { ...input, instance: server.key } })), done)
    setBusy(false)
    closeDialog()
  }
  return { busy, run, names: servers.map(server => nameOf(server.key)).join(', ') }
}

export function ManyTagDialog({ servers }: Servers) {
  const { t } = useTranslation()
  const { busy, run, names } = useRunMany(servers)
  const [tag, setTag] = useState('')
  const [tried, setTried] = useState(false)
  const count = servers.length
  const send = async (): Promise<void> => {
    setTried(true)
    if (tag.trim() !== '') await run('tag', { tag: tag.trim() }, tagged => t('manyMore.tagged', { count: tagged, tag: tag.trim() }))
  }
  return (
    <FormDialog title={t('manyMore.tagTitle', { count })} runLabel={t('manyMore.tagRun', { count })} busy={busy} run={send}>
      <p className="dim many-names">{names}</p>
      <TextInput
        data-autofocus
        label={t('manyMore.tag')}
        description={t('manyMore.tagHint')}
        value={tag}
        onChange={event => setTag(event.currentTarget.value)}
        error={tried && tag.trim() === '' ? t('pools.needsName') : null}
      />
    </FormDialog>
  )
}

const rules = ['prefer', 'neutral', 'prefer_not', 'must_not'] as const

export function ManyRuleDialog({ servers }: Servers) {
  const { t } = useTranslation()
  const { busy, run, names } = useRunMany(servers)
  const [rule, setRule] = useState<(typeof rules)[number]>('neutral')
  const count = servers.length
  return (
    <FormDialog
      title={t('manyMore.ruleTitle', { count })}
      runLabel={t('manyMore.ruleRun', { count })}
      busy={busy}
      run={() => run('register-candidate', { promotionRule: rule }, ruled => t('manyMore.ruled', { count: ruled }))}
    >
      <p className="dim many-names">{names}</p>
      <Select
        data-autofocus
        label={t('panel.promotion')}
        allowDeselect={false}
        data={rules.map(value => ({ value, label: t(`panel.promotionRule.${value}`) }))}
        value={rule}
        onChange={value => setRule(rules.find(each => each === value) ?? 'neutral')}
      />
    </FormDialog>
  )
}

/** The button waits until the words are there, and Enter alone forgets nobody. */
export function ManyForgetDialog({ servers }: Servers) {
  const { t } = useTranslation()
  const { busy, run, names } = useRunMany(servers)
  const [typed, setTyped] = useState('')
  const count = servers.length
  const wanted = t('manyMore.forgetTyped', { count })
  return (
    <Modal opened onClose={closeDialog} size={480} centered title={t('manyMore.forgetTitle', { count })} closeButtonProps={{ 'aria-label': t('state.close') }}>
      <div className="dialog">
        <p className="many-names">{names}</p>
        <p className="dim">{t('manyMore.forgetText')}</p>
        <TextInput data-autofocus autoComplete="off" spellCheck={false} label={t('plan.typeName', { name: wanted })} value={typed} onChange={event => setTyped(event.currentTarget.value)} />
        <div className="dialog-foot">
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {t('state.cancel')}
          </Button>
          <Button color="red" loading={busy} disabled={typed.trim() !== wanted} onClick={() => void run('forget', {}, forgotten => t('manyMore.forgotten', { count: forgotten }))}>
            {t('manyMore.forgetRun', { count })}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
